"""The web process: `gunicorn earlybird.wsgi`."""

from django.core.wsgi import get_wsgi_application

from earlybird import entry

entry.prepare()
application = get_wsgi_application()
