"""The web process: `granian earlybird.wsgi:application --interface wsgi`."""

from django.core.wsgi import get_wsgi_application

from earlybird import entry

entry.end_with_parent()
entry.prepare()
application = get_wsgi_application()
