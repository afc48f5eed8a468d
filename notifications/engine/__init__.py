"""Claim, send, record: the loop that moves messages. The only caller of a provider."""

from notifications.engine.account import listed_templates
from notifications.engine.immediate import send_now
from notifications.engine.process import drain, engine, stop_claiming, stopping
from notifications.engine.sweep import sweep

__all__ = ["drain", "engine", "listed_templates", "send_now", "stop_claiming", "stopping", "sweep"]
