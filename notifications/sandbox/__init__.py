"""A local MyOperator: both send APIs, webhooks, faults on request, and a page like the customer's phone.

Imports no Django, so that `python -m notifications.sandbox` is up in a blink.
"""
