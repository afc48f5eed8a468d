"""The texts, which staff own: their list, their editor, tests of them, and their versions."""

from notifications.admin.templates.links import version_link
from notifications.admin.templates.page import MessageTemplateAdmin

__all__ = ["MessageTemplateAdmin", "version_link"]
