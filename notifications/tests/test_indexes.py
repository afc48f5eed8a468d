"""The indexes that the log and the queue live by, as the database has them."""

import re

import pytest
from django.db import connection

from notifications.models import lease

pytestmark = pytest.mark.django_db


def indexes(table):
    """What each index of the table says after USING, and whether it is unique."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = %s", [table])
        definitions = [row[0] for row in cursor.fetchall()]
    return {("UNIQUE" in said, re.sub(r".* USING btree ", "", said)) for said in definitions}


@pytest.mark.parametrize(
    ("table", "unique", "said"),
    [
        ("messagetemplate", True, "(kind, language)"),
        ("messagetemplate", False, "(active, kind, language)"),
        ("message", False, "(phone, created_at DESC, id DESC)"),
        ("message", False, "(status, created_at DESC, id DESC)"),
        ("message", False, "(created_at DESC, id DESC)"),
        ("message", False, "(reference_id, created_at DESC, id DESC)"),
        ("message", False, "(created_at DESC, status, id DESC)"),
        (
            "queuedmessage",
            False,
            "(priority, due_at, message_id) WHERE ((held_for IS NULL) AND (lease_until IS NULL))",
        ),
        ("queuedmessage", True, "(message_id)"),
        ("notificationpreference", True, "(phone)"),
        ("notificationpreference", True, "(user_id)"),
        ("inboundmessage", True, "(provider_message_id)"),
        ("inboundmessage", False, "(phone, received_at DESC, id DESC)"),
        ("consentevent", False, "(phone, at DESC, id DESC)"),
        ("conversation", True, "(phone)"),
    ],
)
def test_a_look_up_that_must_be_quick_has_its_index(table, unique, said):
    assert (unique, said) in indexes(f"notifications_{table}")


FILL = """
WITH m AS (
    INSERT INTO notifications_message (phone, kind, language, text, variables, reference_id, status, tries,
        error_code, error, created_at, expires_at)
    SELECT '+919876543210', 'x', 'en', '', '{}', '', 'queued', 0, '', '', now(), now() + interval '1 day'
    FROM generate_series(1, 50000) RETURNING id
)
INSERT INTO notifications_queuedmessage (message_id, priority, due_at, expires_at, waits_for, withdrawn,
    withdrawn_why, tries, claims, put_offs, spaced, passes_hours)
SELECT id, 1 + id % 2, now() - id % 1000 * interval '1 second', now(), '', '', '', 0, 0, 0, false, false FROM m
"""


@pytest.mark.parametrize(
    "form", [{"columns": "", "joins": ""}, {"columns": lease._FORM_COLUMNS, "joins": lease._FORM_JOINS}]
)
def test_a_claim_reads_the_queue_by_its_index(form):
    with connection.cursor() as cursor:
        cursor.execute(FILL)
        cursor.execute("ANALYZE notifications_queuedmessage, notifications_message")
        sql = "EXPLAIN " + lease._LEASE.format(pick=lease._PICK_DUE, **form)
        cursor.execute(sql, {"limit": 100, "lease": 30, "now": "2100-01-01T00:00Z", "only": None})
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert plan.count("queue_due") == 3  # urgent, utility, marketing
    assert "Seq Scan on notifications_queuedmessage" not in plan
