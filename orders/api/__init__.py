"""Customers, products, orders and subscriptions for other programs."""
