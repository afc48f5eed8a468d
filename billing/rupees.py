"""Rupees as people in India read them: as the shop writes them."""

from orders.rupees import written

__all__ = ["written"]
