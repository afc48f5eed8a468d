"""What Django logs of a request, without the number or the secret that its path holds."""

import logging
import re
from urllib.parse import unquote

from notifications.phones import mask

_NUMBER = re.compile(r"(/api/notifications/(?:history|preferences)/)([^\s?]+)")
_SECRET = re.compile(r"(/webhooks/myoperator/)[^\s?]+")


class Discreet(logging.Filter):
    """For the handler: Django's own loggers print the path of whatever was answered 4xx or 5xx."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.") and not hasattr(record, "is_discreet"):
            record.is_discreet = True  # several handlers see one record
            told = _SECRET.sub(r"\1••••", record.getMessage())
            record.msg = _NUMBER.sub(lambda found: found[1] + mask(unquote(found[2])), told)
            record.args = ()
        return True
