"""The texts, which staff own: their list, their editor, tests of them, and their versions."""

from notifications.admin.templates.page import MessageTemplateAdmin
from notifications.admin.templates.links import version_link

__all__ = ["MessageTemplateAdmin", "version_link"]
