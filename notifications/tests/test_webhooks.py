"""The door of MyOperator's events: who is let in, what is kept, and that nothing hostile breaks it."""

import base64
import io
import json
import logging
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from notifications import keeping, receipts, storable, webhooks
from notifications.clock import now as clock_now
from notifications.models import WebhookEvent
from notifications.tests import samples

PATH = "/webhooks/myoperator"
SECRET = "correct-horse-battery"


@pytest.fixture(autouse=True)
def door(settings, monkeypatch):
    """One secret, no ids to check, and no nudge that leaves the process. Returns the nudges asked for."""
    settings.MYOPERATOR_WEBHOOK_SECRETS = [SECRET]
    settings.MYOPERATOR_COMPANY_ID = settings.MYOPERATOR_PHONE_NUMBER_ID = ""
    nudges = []
    monkeypatch.setattr(webhooks.nudge, "receipts", lambda: nudges.append(1))
    return nudges


def post(body, path=PATH, secret=SECRET, **extra):
    headers = {} if secret is None else {"X-Webhook-Secret": secret}
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    client = Client(raise_request_exception=True)
    return client.post(path, data, content_type="application/json", headers=headers, **extra)


# --- who is let in


@pytest.mark.django_db
def test_the_secret_opens_in_a_header_or_at_the_end_of_the_path():
    assert post(samples.text("webhook_sent")).status_code == 200
    assert post(samples.text("webhook_read"), f"{PATH}/{SECRET}", secret=None).status_code == 200
    assert post(samples.text("webhook_delivered"), f"{PATH}/{SECRET}/", secret=None).status_code == 200
    assert WebhookEvent.objects.count() == 3


@pytest.mark.django_db
def test_an_event_that_names_another_host_is_kept_and_its_secret_logged_by_nobody(caplog):
    answer = post(samples.text("webhook_read"), f"{PATH}/{SECRET}", secret=None, HTTP_HOST="proxy.internal")

    assert answer.status_code == 200
    assert SECRET not in caplog.text


@pytest.mark.parametrize("path", ["/webhooks/", "/webhooks/another", f"/webhooks/another/{SECRET}"])
def test_another_path_is_told_where_events_go_and_is_not_logged(path, caplog):
    answer = post({}, path)

    assert (answer.status_code, answer.json()["message"]) == (
        404,
        "Events are posted to /webhooks/myoperator.",
    )
    assert SECRET not in caplog.text


def basic(words):
    return {"HTTP_AUTHORIZATION": f"Basic {base64.b64encode(words).decode()}"}


@pytest.mark.django_db
@pytest.mark.parametrize("user", ["", "myoperator", "किसान"])
def test_the_secret_opens_as_the_password_of_any_user(user):
    assert post({}, secret=None, **basic(f"{user}:{SECRET}".encode())).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        basic(b"user:wrong"),
        basic(SECRET.encode()),
        basic(f"{SECRET}:".encode()),
        basic(b"\xff:\xff"),
        basic(b":"),
        {"HTTP_AUTHORIZATION": "Basic"},
        {"HTTP_AUTHORIZATION": "Basic not base64"},
        {"HTTP_AUTHORIZATION": "Basic ключ"},
        {"HTTP_AUTHORIZATION": "Basic \udc80"},
        {"HTTP_AUTHORIZATION": f"Bearer {SECRET}"},
    ],
    ids=lambda header: ascii(header["HTTP_AUTHORIZATION"])[:20],
)
def test_any_other_authorization_is_refused(header):
    assert post({}, secret=None, **header).status_code == 401


@pytest.mark.parametrize(
    "given",
    [None, "", "wrong", SECRET + "x", SECRET[:-1], "ключ", "\udc80", "\x00", "x" * 9000],
    ids=lambda given: ascii(given)[:9],
)
def test_any_other_secret_is_refused(given):
    assert post({}, secret=given).status_code == 401


@pytest.mark.parametrize(
    "given", ["wrong", "%00", "%D0%BA", "%ff%fe", f"{SECRET}/more", f"more/{SECRET}", "/"]
)
def test_any_other_path_is_refused(given):
    assert post({}, f"{PATH}/{given}", secret=None).status_code == 401


@pytest.mark.parametrize("secrets", [[], [""], ["", ""]])
@pytest.mark.parametrize("given", [None, "", "anything"])
def test_without_a_secret_of_ours_everything_is_refused(settings, secrets, given):
    settings.MYOPERATOR_WEBHOOK_SECRETS = secrets

    assert post({}, secret=given).status_code == 401


@pytest.mark.django_db
def test_two_secrets_are_valid_at_once(settings):
    settings.MYOPERATOR_WEBHOOK_SECRETS = ["old", "new"]

    assert [post({"event_id": s}, secret=s).status_code for s in ("old", "new", "none")] == [200, 200, 401]


@pytest.mark.django_db
def test_a_secret_may_be_of_any_alphabet(settings):
    settings.MYOPERATOR_WEBHOOK_SECRETS = ["चाबी"]

    assert post({}, f"{PATH}/चाबी", secret=None).status_code == 200


@pytest.mark.django_db
def test_events_of_another_account_are_refused_where_ours_is_configured(settings):
    settings.MYOPERATOR_COMPANY_ID, settings.MYOPERATOR_PHONE_NUMBER_ID = "5f1e7c3a9b", "106540352242922"

    assert post(samples.text("webhook_sent")).status_code == 200
    for other in (
        {"company_id": "other"},
        {"system_identifier": 1},
        {"system_identifier": ["106540352242922"]},
    ):
        assert post(samples.document("webhook_read") | other).status_code == 403
    assert post({}).status_code == 403
    assert WebhookEvent.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "options", "patch"])
def test_anything_but_a_post_is_refused(method):
    answer = getattr(Client(), method)(f"{PATH}/{SECRET}")

    assert answer.status_code == 405
    assert answer["Allow"] == "POST"


@pytest.mark.django_db
def test_no_cross_site_token_is_asked_for():
    client = Client(enforce_csrf_checks=True)

    assert client.post(f"{PATH}/{SECRET}", "{}", content_type="application/json").status_code == 200


# --- what is kept


@pytest.mark.django_db
def test_an_event_is_kept_as_it_came_and_a_worker_is_told(door):
    post(samples.text("webhook_delivered"))

    event = WebhookEvent.objects.get()
    assert event.payload == samples.document("webhook_delivered")
    assert (event.event_id, event.event_type) == ("01J1B", "message.delivered")
    assert (event.applied_at, event.tries, event.result) == (None, 0, "")
    assert door == [1]


@pytest.mark.django_db
def test_an_event_that_comes_again_is_answered_200_and_kept_once():
    assert [post(samples.text("webhook_sent")).status_code for _ in range(3)] == [200] * 3
    assert WebhookEvent.objects.count() == 1


@pytest.mark.django_db
def test_a_list_of_events_is_kept_as_so_many():
    names = ("webhook_sent", "webhook_delivered", "webhook_read")
    events = [samples.document(name) for name in names]

    assert post([*events, events[0], {"no": "id"}, {"no": "id either"}]).status_code == 200
    assert WebhookEvent.objects.count() == 5


@pytest.mark.django_db
def test_what_is_no_event_costs_a_list_only_itself():
    assert post([samples.document("webhook_sent"), None, "x", [{}]]).status_code == 200
    assert WebhookEvent.objects.get().event_id == "01J1A"


@pytest.mark.django_db
def test_a_long_list_is_kept_in_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert post([{"event_id": f"e{n}"} for n in range(500)]).status_code == 200
    assert WebhookEvent.objects.count() == 500


@pytest.mark.django_db
def test_of_a_list_only_what_is_ours_is_kept(settings):
    settings.MYOPERATOR_COMPANY_ID = "5f1e7c3a9b"
    forged = samples.document("webhook_read") | {"company_id": "other"}

    assert post([forged]).status_code == 403
    assert post([forged, samples.document("webhook_delivered")]).status_code == 200
    assert WebhookEvent.objects.get().event_id == "01J1B"


@pytest.mark.django_db
@pytest.mark.parametrize("event_id", [None, "", "\x00", "i" * 500, ["list"], {}, 1.5])
def test_an_event_without_a_usable_id_counts_once_by_its_content(event_id):
    for number in (1, 1, 2):
        assert post({"event_id": event_id, "number": number}).status_code == 200

    assert WebhookEvent.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "event",
    [
        {
            "event_id": "a\x00b",
            "event_type": "message.\x00sent",
            "text": "nul \x00, escaped \\u0000",
            "k\x00": 1,
        },
        {"event_id": "\ud800", "event_type": "\udfff", "text": "lone \ud800", "\udc00": 1},
        {"event_type": "t" * 9000},
        {"event_type": ["message.sent"], "company_id": {"a": [1]}},
        {"timestamp": "2026-06-26T02:10:56.956814767Z"},
        {"huge": 10**4000, "small": -(10**4000)},
        {"nan": float("nan"), "inf": float("inf")},
    ],
    ids=["nul", "surrogates", "long type", "strange types", "nanoseconds", "huge ints", "nan"],
)
def test_whatever_json_can_say_is_kept(event):
    assert post(event).status_code == 200
    assert isinstance(WebhookEvent.objects.get().payload, dict)


@pytest.mark.django_db
def test_a_number_beyond_all_floats_costs_only_itself():
    event = samples.text("webhook_read").replace('"event_sequence": 4', '"event_sequence": 1e400')

    post(event)

    kept = WebhookEvent.objects.get()
    assert kept.payload["event_sequence"] == "Infinity"
    assert kept.payload["payload"] == samples.document("webhook_read")["payload"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b'{"cut": ',
        b"\xff\xfe",
        b"\x80{}",
        b"a=b&c=d",
        b'{"n": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
    ids=lambda body: repr(body[:12]),
)
def test_what_is_not_json_is_a_400(body):
    assert post(body).status_code == 400


@pytest.mark.parametrize("body", ["[]", "[1]", "[null]", "[[{}]]", '"text"', "17", "null", "NaN"])
def test_json_that_is_neither_an_object_nor_a_list_of_them_is_a_400(body):
    assert post(body).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("depth", range(800, 1000, 12))
def test_no_depth_of_nesting_is_a_500(depth):
    body = b'{"event_type": "message.read", "payload":' + b'{"a":' * depth + b"1" + b"}" * depth + b"}"

    assert post(body).status_code in {200, 400}
    receipts.apply_waiting(clock_now() + timedelta(seconds=1))


def test_a_huge_body_is_a_413(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    assert post("x" * 1001).status_code == 413


def test_a_huge_body_of_a_stranger_is_refused_unread(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    assert post("x" * 1001, secret="wrong").status_code == 401


def test_a_body_cut_on_the_way_is_a_400(rf):
    class Cut(io.BytesIO):
        def seekable(self):
            return False

        def read(self, *_):
            raise OSError("cut")

    request = rf.post(PATH, "{}", content_type="application/json", headers={"X-Webhook-Secret": SECRET})
    request._stream = Cut()

    assert webhooks.myoperator(request).status_code == 400


def test_an_event_that_cannot_be_kept_is_a_503_so_that_it_comes_again(monkeypatch, door):
    class Down:
        def cursor(self):
            raise OperationalError("the database is away")

    monkeypatch.setattr(keeping, "connection", Down())

    assert post({}).status_code == 503
    assert not door


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.django_db
@given(st.dictionaries(st.sampled_from(["event_id", "event_type", "payload", "company_id"]), _VALUES))
@examples(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
def test_any_object_is_kept_and_can_be_read_again(event):
    assert post(event).status_code == 200
    assert WebhookEvent.objects.order_by("-id")[0].payload is not None


@given(_VALUES)
@examples(max_examples=50, deadline=None)
def test_storable_json_is_json_that_postgresql_keeps(value):
    document = storable.dumps(value)

    json.loads(document, parse_constant=pytest.fail)
    assert "\x00" not in document
    assert "\\u0000" not in document.replace("\\\\", "")
    document.encode()


def test_storable_survives_what_holds_itself():
    loop = []
    loop.append(loop)

    assert storable.dumps(loop) == '"a list that JSON cannot hold"'


# --- what the log says


@pytest.mark.django_db
def test_no_answer_writes_the_secret_of_the_path_into_the_log(caplog, settings, monkeypatch):
    caplog.set_level(logging.DEBUG)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    secret = f"{PATH}/{SECRET}"
    statuses = [post(body, secret, secret=None).status_code for body in ("{}", "[", "[]", "x" * 1001)]
    settings.MYOPERATOR_COMPANY_ID = "ours"
    statuses += [post("{}", path, secret=None).status_code for path in (secret, f"{secret}/", f"{secret}x")]
    statuses += [Client().get(secret).status_code]
    settings.MYOPERATOR_COMPANY_ID = ""
    monkeypatch.setattr(keeping, "connection", None)
    monkeypatch.setattr(webhooks, "DatabaseError", AttributeError)
    statuses += [post("{}", secret, secret=None).status_code]

    assert statuses == [200, 400, 400, 413, 403, 403, 401, 405, 503]
    assert SECRET not in caplog.text
