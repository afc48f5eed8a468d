"""Who may do what at the desk: the three groups that a shop begins with. From then on they are the shop's.

Read a line as: this group may View, Add, Change, Delete rows of this model, and what else it may. A model that no line
names is a superuser's alone: users, groups, tokens, sign-ins, periodic tasks. Nobody deletes what others refer to;
forgetting a person is a right of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

GROUPS = {
    "Support": "Answers customers: reads all that concerns them, sends again, records what they ask for.",
    "Content": "Writes the texts, makes kinds, drafts announcements. Sees no customer.",
    "Operations": "Both, and what keeps the shop running: the channel, daily jobs, deliveries, orders, money.",
}

# model                                  Support  Content  Operations
_MODELS = (
    ("notifications.message",                "vc",     "",     "vac"),  # change: send again, cancel, give up
    ("backoffice.act",                       "v",      "",     "v"),    # what was done to many messages at once
    ("notifications.inboundmessage",         "v",      "",     "v"),
    ("notifications.messagetemplate",        "v",      "vac",  "vac"),
    ("notifications.templateversion",        "v",      "v",    "v"),
    ("notifications.customkind",             "v",      "vac",  "vac"),
    ("notifications.approvedtemplate",       "v",      "v",    "vc"),   # change: ask MyOperator now
    ("notifications.notificationpreference", "vac",    "",     "vac"),
    ("notifications.consentevent",           "v",      "",     "v"),
    ("notifications.erasureevent",           "v",      "",     "v"),
    ("notifications.channel",                "v",      "",     "vc"),   # change: stop, resume
    ("notifications.webhookevent",           "",       "",     "v"),
    ("orders.customer",                      "vc",     "",     "vac"),  # a new address, a number put right
    ("orders.product",                       "v",      "v",    "vac"),
    ("orders.order",                         "v",      "",     "vac"),
    ("orders.orderitem",                     "v",      "",     "va"),
    ("orders.subscription",                  "v",      "",     "vac"),
    ("orders.subscriptionpause",             "v",      "",     "va"),
    ("orders.subscriptionoverride",          "v",      "",     "vacd"),
    ("orders.offer",                         "v",      "",     "v"),
    ("orders.announcement",                  "v",      "vacd", "vacd"),
    ("delivery.delivery",                    "v",      "",     "vc"),
    ("delivery.agent",                       "v",      "",     "vac"),
    ("billing.account",                      "v",      "",     "v"),
    ("billing.bill",                         "v",      "",     "vac"),
    ("billing.payment",                      "v",      "",     "va"),
    ("billing.adjustment",                   "v",      "",     "va"),
    ("billing.refund",                       "v",      "",     "va"),
    ("billing.dispute",                      "va",     "",     "vac"),  # change: settle
    ("jobs.job",                             "",       "",     "vc"),
    ("jobs.jobrun",                          "",       "",     "v"),
    ("admin.logentry",                       "",       "",     "v"),    # the audit trail
)  # fmt: skip

# right                                  who
_RIGHTS = (
    ("notifications.see_numbers",           ("Support", "Operations")),
    ("notifications.erase_person",          ("Operations",)),
    ("orders.start_announcement",           ("Operations",)),
)  # fmt: skip

_ACTS = {"v": "view", "a": "add", "c": "change", "d": "delete"}


def rights_of(group: str) -> frozenset[str]:
    """Every permission of a group as Django writes it: `notifications.view_message`."""
    others = (name for name, groups in _RIGHTS if group in groups)
    return frozenset([*_of_models(list(GROUPS).index(group)), *others])


def _of_models(column: int) -> Iterator[str]:
    for model, *columns in _MODELS:
        app, name = model.split(".")
        yield from (f"{app}.{_ACTS[letter]}_{name}" for letter in columns[column])


def models() -> frozenset[str]:
    """The models that the table names: `notifications.message`."""
    return frozenset(model for model, *_ in _MODELS)
