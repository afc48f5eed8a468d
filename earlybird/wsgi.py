"""The web process: `granian earlybird.wsgi:application --interface wsgi`."""

import gc

from django.core.wsgi import get_wsgi_application

from earlybird import entry, incoming
from earlybird.supervisor import end_with_parent

end_with_parent()  # the server's workers do not notice its death: they would keep the port, and the code of before
entry.prepare()
application = incoming.readable(get_wsgi_application())
# What is loaded now stays: the collector that walks all of it again and again held up every twentieth page.
gc.collect()
gc.freeze()
