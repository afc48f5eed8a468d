"""Every setting of EarlyBird, read once from the environment and `.env`. `.env.example` lists them all."""

import warnings
from pathlib import Path

from django.templatetags.static import static

from earlybird import answers, embedded
from earlybird.environment import Environment, read_file

BASE_DIR = Path(__file__).resolve().parent.parent


env = Environment()
read_file(BASE_DIR / ".env")

# --- Django -------------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
# The fallback keeps a laptop going without a .env; `check --deploy` refuses it (earlybird.E001).
INSECURE_SECRET_KEY = "insecure-for-development-only-" + "x" * 30
SECRET_KEY = env.str("SECRET_KEY", default="") or INSECURE_SECRET_KEY
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Behind a proxy that ends TLS (production): redirect to https, secure cookies, HSTS. Off on a laptop.
BEHIND_TLS = env.bool("BEHIND_TLS", default=False)
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_TLS
# A load balancer asks for health over plain http, and is not sent elsewhere.
SECURE_REDIRECT_EXEMPT = [r"^api/notifications/health$"]

PORT = env.int("PORT", default=8000)
SANDBOX_PORT = env.int("SANDBOX_PORT", default=9009)

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "backoffice.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "django_filters",
    "knox",
    "axes",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "django_celery_beat",
    "rest",
    "backoffice",
    "jobs",
    "notifications",
    "orders",
    "delivery",
    "billing",
    "earlybird",
]

MIDDLEWARE = [
    "notifications.webhooks.Straight",
    "rest.middleware.Api",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "backoffice.masking.Looking",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "earlybird.urls"
WSGI_APPLICATION = "earlybird.wsgi.application"
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before the packages' own: some pieces of the look are ours.
        "DIRS": [BASE_DIR / "backoffice" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Wrong passwords in a row, of one name from one address, that lock the sign-in; and for how many minutes.
SIGN_IN_FAILURES = env.int("SIGN_IN_FAILURES", default=5)
SIGN_IN_LOCK_MINUTES = env.int("SIGN_IN_LOCK_MINUTES", default=15)
AUTHENTICATION_BACKENDS = ["rest.lockout.Backend"]
AXES_HANDLER = "rest.lockout.Handler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = SIGN_IN_FAILURES
AXES_COOLOFF_TIME = "rest.lockout.lasts"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "rest.lockout.name_of"
AXES_CLIENT_IP_CALLABLE = "rest.address.whence"
AXES_LOCKOUT_CALLABLE = "rest.lockout.answer"
AXES_DISABLE_ACCESS_LOG = True  # who signed in when is Django's last_login
AXES_VERBOSE = False

LOGIN_REDIRECT_URL = "admin:index"  # who signs in from nowhere in particular

LANGUAGE_CODE = "en"
TIME_ZONE = "Asia/Kolkata"
USE_TZ = True
FORMAT_MODULE_PATH = "earlybird.formats"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static"
# Without a `collectstatic` (a laptop, tests) WhiteNoise serves the apps' own files.
WHITENOISE_USE_FINDERS = not STATIC_ROOT.is_dir()
if WHITENOISE_USE_FINDERS:
    warnings.filterwarnings("ignore", message="No directory at", category=UserWarning)

# --- Servers: the embedded ones unless told otherwise -------------------------------------------------

EMBEDDED_DATABASE = not env.str("DATABASE_URL", default="")
EMBEDDED_REDIS = not env.str("REDIS_URL", default="")
# What was made for the sandbox never meets a real provider: each has a database of its own.
_REAL = env.bool("EARLYBIRD_REAL_DATABASE", default=bool(env.str("MYOPERATOR_BASE_URL", default="")))
_database_url, _redis_url = embedded.urls(real=_REAL)

DATABASES = {"default": answers.database_settings(env.str("DATABASE_URL", default="") or _database_url)}
DATABASES["default"] |= {
    "CONN_MAX_AGE": 600,  # seconds
    "CONN_HEALTH_CHECKS": True,  # a restarted PostgreSQL costs one reconnect, not an error
}
REDIS_URL = env.str("REDIS_URL", default="") or _redis_url

# --- Celery -------------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "jobs"
CELERY_TASK_ROUTES = {
    "notifications.tasks.dispatch": {"queue": "dispatch"},
    "notifications.tasks.apply_receipts": {"queue": "receipts"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# Seconds. Redis that hangs must not hold a publisher or a worker: nothing depends on a nudge.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "visibility_timeout": 3600,
    "health_check_interval": 10,
}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- MyOperator ---------------------------------------------------------------------------------------

MYOPERATOR_API = env.str("MYOPERATOR_API", default="send-message")  # send-message | chat | memory | console
# `make run` starts a sandbox and points here to it; it does so only when no address is set.
SANDBOX = env.bool("SANDBOX", default=False) and not env.str("MYOPERATOR_BASE_URL", default="")
_CHAT = MYOPERATOR_API == "chat"
MYOPERATOR_REAL_URL = "https://publicapi.myoperator.co" if _CHAT else "https://api.myoperator.co"
_SANDBOX_URL = f"http://127.0.0.1:{SANDBOX_PORT}"
MYOPERATOR_BASE_URL = (
    env.str("MYOPERATOR_BASE_URL", default="") or (_SANDBOX_URL if SANDBOX else MYOPERATOR_REAL_URL)
).rstrip("/")
MYOPERATOR_API_KEY = env.str("MYOPERATOR_API_KEY", default="sandbox-key" if SANDBOX else "")
MYOPERATOR_API_SECRET = env.str("MYOPERATOR_API_SECRET", default="sandbox-secret" if SANDBOX else "")
MYOPERATOR_ACCOUNT_ID = env.str("MYOPERATOR_ACCOUNT_ID", default="sandbox-account" if SANDBOX else "")
MYOPERATOR_PHONE_NUMBER = env.str("MYOPERATOR_PHONE_NUMBER", default="+918000000001" if SANDBOX else "")
_PLAYS_CHAT = SANDBOX and _CHAT
MYOPERATOR_COMPANY_ID = env.str("MYOPERATOR_COMPANY_ID", default="sandbox-company" if _PLAYS_CHAT else "")
MYOPERATOR_PHONE_NUMBER_ID = env.str(
    "MYOPERATOR_PHONE_NUMBER_ID", default="106540352242922" if _PLAYS_CHAT else ""
)
MYOPERATOR_WABA_ID = env.str("MYOPERATOR_WABA_ID", default="102290129340398" if _PLAYS_CHAT else "")
MYOPERATOR_WEBHOOK_SECRETS = [
    secret
    for secret in env.list(
        "MYOPERATOR_WEBHOOK_SECRETS", default=["sandbox-webhook-secret"] if SANDBOX else []
    )
    if secret
]
MYOPERATOR_RATE_LIMIT = env.float("MYOPERATOR_RATE_LIMIT", default=80.0)  # messages per second
# People whom we may write to first in 24 hours, or "unlimited". It stops nothing: it is warned of.
MYOPERATOR_TIER = env.str("MYOPERATOR_TIER", default="unlimited" if SANDBOX else "250")

# --- Notifications ------------------------------------------------------------------------------------

NOTIFICATION_RETRY_MINUTES = env.list("NOTIFICATION_RETRY_MINUTES", cast=float, default=[5, 10, 15])
NOTIFICATION_ALLOWED_NUMBERS = env.list("NOTIFICATION_ALLOWED_NUMBERS", default=[])  # empty: everyone
# Staff's own, for "Send me a test". The sandbox has two phones that nobody else has.
NOTIFICATION_TEST_NUMBERS = env.list(
    "NOTIFICATION_TEST_NUMBERS", default=["+919800000011", "+919800000012"] if SANDBOX else []
)
# IST, "HH:MM-HH:MM". Hold only what the system starts by itself (mission §5).
NOTIFICATION_REMINDER_HOURS = env.str("NOTIFICATION_REMINDER_HOURS", default="07:00-21:00")
NOTIFICATION_MARKETING_HOURS = env.str("NOTIFICATION_MARKETING_HOURS", default="10:00-20:00")
# Until then a reminder may go that would be worthless before the house opens again. Empty: none may.
NOTIFICATION_LAST_CALL = env.str("NOTIFICATION_LAST_CALL", default="22:00")
# Rupees for one message that MyOperator accepted, by Meta's category.
NOTIFICATION_PRICE_UTILITY = env.rupees("NOTIFICATION_PRICE_UTILITY", default="0.13")
NOTIFICATION_PRICE_MARKETING = env.rupees("NOTIFICATION_PRICE_MARKETING", default="0.86")
NOTIFICATION_SLOTS = env.int("NOTIFICATION_SLOTS", default=150)  # requests in flight per dispatch process
NOTIFICATION_DEADLINE = env.float("NOTIFICATION_DEADLINE", default=15.0)  # seconds for one request in all
NOTIFICATION_LEASE = env.float("NOTIFICATION_LEASE", default=30.0)  # seconds a worker owns what it claimed
# A file holding seconds to add to the clock. `make faults` moves time with it; refused in production.
EARLYBIRD_CLOCK_FILE = env.str("EARLYBIRD_CLOCK_FILE", default="")
EARLYBIRD_NOTIFY = env.bool(
    "EARLYBIRD_NOTIFY", default=True
)  # off: business saves record no messages (bench)

# --- The shop -----------------------------------------------------------------------------------------

CHURN_DAYS = env.int("CHURN_DAYS", default=14)  # away so many days, a customer is asked back

# --- Bills --------------------------------------------------------------------------------------------

BILL_DUE_DAYS = env.int("BILL_DUE_DAYS", default=10)  # after the day it was made
# Days from the due day on which what is to pay is asked for; before it with a minus.
BILL_REMINDER_DAYS = env.list("BILL_REMINDER_DAYS", cast=int, default=[-3, 0, 3, 7])
# Where customers pay by UPI, and the name they see there. Empty: bills have no link and no code.
UPI_VPA = env.str("UPI_VPA", default="")
UPI_NAME = env.str("UPI_NAME", default="")

# --- The desk -----------------------------------------------------------------------------------------

UNFOLD = {
    "SITE_TITLE": "EarlyBird",
    "SITE_HEADER": "EarlyBird",
    "SITE_SUBHEADER": "All times are Indian time",
    "SITE_SYMBOL": "wb_twilight",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "8px",
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("backoffice/favicon.svg"),
        }
    ],
    "STYLES": [lambda request: static("backoffice/desk.css")],
    "DASHBOARD_CALLBACK": "earlybird.desk.dashboard.filled",
    "SCRIPTS": [lambda request: static("backoffice/reachable.js")],
    "SIDEBAR": {"show_search": False, "navigation": "earlybird.desk.menu.groups"},
    # A teal whose 600 carries white letters (5.5 : 1).
    "COLORS": {
        "primary": {
            "50": "oklch(98.4% .014 180.7)",
            "100": "oklch(95.3% .051 180.8)",
            "200": "oklch(91% .096 180.4)",
            "300": "oklch(85.5% .138 181.1)",
            "400": "oklch(77.7% .152 181.9)",
            "500": "oklch(70.4% .14 182.5)",
            "600": "oklch(51.1% .096 186.4)",
            "700": "oklch(43.7% .078 188.2)",
            "800": "oklch(38.6% .063 188.4)",
            "900": "oklch(32% .05 189)",
            "950": "oklch(27.7% .046 192.5)",
        },
    },
}

# --- The demo shop of `make run`, for the sandbox only ------------------------------------------------

DEMO_CUSTOMERS = env.int("DEMO_CUSTOMERS", default=200)
DEMO_HISTORY = env.bool("DEMO_HISTORY", default=True)  # some weeks of orders, bills and messages

# --- REST API -----------------------------------------------------------------------------------------

API_TOKEN_DAYS = env.int("API_TOKEN_DAYS", default=30)  # how long a token from sign-in is valid
# Requests of one user, of one address that nobody signed in from, sign-ins from one address; per web process.
API_RATE_USER = env.str("API_RATE_USER", default="6000/min")
API_RATE_ANONYMOUS = env.str("API_RATE_ANONYMOUS", default="300/min")
API_RATE_SIGN_IN = env.str("API_RATE_SIGN_IN", default="20/min")
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest.tokens.BearerToken"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest.parsing.Json"],
    "DEFAULT_SCHEMA_CLASS": "rest.schema.Schema",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "COERCE_DECIMAL_TO_STRING": True,
    "URL_FORMAT_OVERRIDE": None,  # there is JSON, and `?format=` is no word of ours
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
REST_KNOX = {"AUTH_HEADER_PREFIX": "Bearer", "TOKEN_TTL": None, "AUTO_REFRESH": False}
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "rest.errors.Handler",
    "EXCEPTION_FORMATTER_CLASS": "rest.errors.Formatter",
    "ENABLE_IN_DEBUG_FOR_UNHANDLED_EXCEPTIONS": True,  # the traceback is in the log
}
SPECTACULAR_SETTINGS = {
    "TITLE": "EarlyBird",
    "DESCRIPTION": (BASE_DIR / "rest" / "about.md").read_text(),
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # No validator: it would send our address to swagger.io with every look at the page.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": True, "validatorUrl": None},
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api",
    "TAGS": [
        {"name": "auth", "description": "Sign in and out."},
        {"name": "notifications", "description": "WhatsApp messages: send, look up, texts, preferences."},
        {"name": "customers", "description": "Who orders."},
        {"name": "products", "description": "What can be ordered."},
        {"name": "orders", "description": "What is brought on one day to one customer."},
        {"name": "subscriptions", "description": "What is brought again and again, and pauses of it."},
        {"name": "deliveries", "description": "The orders on their way."},
        {"name": "billing", "description": "Bills, payments, refunds and disputes."},
    ],
    "ENUM_NAME_OVERRIDES": {
        "MessageStatusEnum": "notifications.models.Status.choices",
        "SubscriptionStatusEnum": [("active", "Active"), ("paused", "Paused"), ("cancelled", "Cancelled")],
        "ServerHealthEnum": ["ok", "unreachable"],
    },
}

# --- Logs ---------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"discreet": {"()": "earlybird.discreet.Discreet"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["discreet"]},
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "axes": {"level": "ERROR"},  # rest.lockout says it in a line
    },
}
