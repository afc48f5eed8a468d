from delivery.admin.agents import AgentAdmin
from delivery.admin.deliveries import DeliveryAdmin

__all__ = ["AgentAdmin", "DeliveryAdmin"]
