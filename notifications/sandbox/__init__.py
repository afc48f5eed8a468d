"""A local MyOperator: both send APIs, webhooks, faults on request, and a page like the customer's phone.

Imports no Django, so that `python -m notifications.sandbox` is up in a blink. Besides MyOperator's own addresses:

    GET /                                   all customers, with controls; GET /phone/<number>: one phone
    GET, DELETE /sandbox/messages           what was accepted (?phone=&since=&limit=), with its final state
    GET /sandbox/summary                    what was asked, accepted, refused and posted, in figures
    GET, PUT, DELETE /sandbox/settings      every fault and misbehaviour: `settings.Settings`
    GET, PUT, DELETE /sandbox/templates     the account's templates; PUT …/<name>/<language> changes one
    POST /sandbox/reply                     the customer writes: {"phone", "text"}, and `at`, `name`, `media`
    GET, POST /sandbox/storm                receipts out of order, twice, forged and too early: `storm.Wishes`

`client.Sandbox` speaks to them from Python.
"""
