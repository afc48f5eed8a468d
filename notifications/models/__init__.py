from notifications.models.approved import ApprovedTemplate
from notifications.models.channel import Channel, ChannelEvent, PersonPace
from notifications.models.consent import ConsentEvent
from notifications.models.conversation import Conversation, window_open
from notifications.models.erasure import ErasureEvent
from notifications.models.history import Attempt, MessageEvent
from notifications.models.inbound import InboundMessage
from notifications.models.kind import CustomKind
from notifications.models.message import ENDED_UNSENT, LIVE, Message, MessageKey, Status
from notifications.models.preference import NotificationPreference
from notifications.models.queue import Held, Priority, QueuedMessage
from notifications.models.reach import Reach
from notifications.models.statistics import StatusChange, StatusCount
from notifications.models.template import MessageTemplate, TemplateVersion
from notifications.models.transition import Move, Moved, move
from notifications.models.webhook import WebhookEvent

__all__ = [
    "ENDED_UNSENT",
    "LIVE",
    "ApprovedTemplate",
    "Attempt",
    "Channel",
    "ChannelEvent",
    "ConsentEvent",
    "Conversation",
    "CustomKind",
    "ErasureEvent",
    "Held",
    "InboundMessage",
    "Message",
    "MessageEvent",
    "MessageKey",
    "MessageTemplate",
    "Move",
    "Moved",
    "NotificationPreference",
    "PersonPace",
    "Priority",
    "QueuedMessage",
    "Reach",
    "Status",
    "StatusChange",
    "StatusCount",
    "TemplateVersion",
    "WebhookEvent",
    "move",
    "window_open",
]
