"""A few requests made of the schema for every operation, the same at each run; `make fuzz` makes thousands."""

import contextlib

import pytest
import schemathesis
from django.contrib.auth.models import User
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from knox.models import AuthToken
from schemathesis.checks import CHECKS
from schemathesis.generation import GenerationMode

from benchmarks import fuzz_checks  # noqa: F401  # registers `shop_acceptance`

ASKED = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "unsupported_method", "shop_acceptance",
)  # fmt: skip


@pytest.fixture
def api(db):
    """The application, which does not close the connection of the test's transaction after a request."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/schema", get_wsgi_application())
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def token(db, settings):
    settings.API_RATE_USER = settings.API_RATE_ANONYMOUS = settings.API_RATE_SIGN_IN = "1000000/s"
    return AuthToken.objects.create(User.objects.create_superuser("chitra"), expiry=None)[1]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_answer_is_as_the_schema_says(api, token, mode):
    """The order of the schema is the order of the requests: customers first, what they order after."""
    for operation in (found.ok() for found in api.get_all_operations()):
        if not operation.path.startswith("/api/auth/sign-out"):  # it would end the token
            _ask(operation.as_strategy(generation_mode=mode), token)


def _ask(cases, token):
    @settings(
        max_examples=5, derandomize=True, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=cases)
    def ask(case):
        checks = CHECKS.get_by_names(ASKED)
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=checks)

    with contextlib.suppress(
        Unsatisfiable
    ):  # an operation without body and parameters cannot be asked wrongly
        ask()
