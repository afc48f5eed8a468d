"""What servers and clients may do with a body, and Django does not expect."""

from io import BytesIO

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory

from earlybird import incoming


def seen(path, **environ):
    """The environ as Django gets it."""
    found = {}
    application = incoming.readable(lambda environ, _: found.update(environ) or [])
    application(RequestFactory()._base_environ(PATH_INFO=path, **environ), None)
    return found


@pytest.mark.parametrize(
    "given",
    [
        "application/json; charset=zlib",
        'application/json;CHARSET="undefined"',
        "application/json ; charset*=utf-8''idna",
    ],
)
def test_a_charset_that_is_none_of_text_breaks_no_address(given):
    environ = seen("/nothing", QUERY_STRING="a=1", CONTENT_TYPE=given)

    assert WSGIRequest(environ).GET == {"a": ["1"]}


def test_a_content_type_keeps_what_else_it_says():
    given = "multipart/form-data; charset=utf-8; boundary=b"

    assert seen("/", CONTENT_TYPE=given)["CONTENT_TYPE"] == "multipart/form-data; boundary=b"


def test_a_body_in_chunks_is_read_like_another():
    environ = seen("/", **{"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": BytesIO(b"{}")})

    assert (environ["CONTENT_LENGTH"], environ["wsgi.input"].read()) == ("2", b"{}")


def test_of_a_body_in_chunks_no_more_is_read_than_is_refused(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    endless = BytesIO(b"9" * 1000)
    environ = seen("/", **{"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": endless})

    assert (environ["CONTENT_LENGTH"], endless.tell()) == ("11", 11)


def test_a_sender_who_breaks_off_leaves_what_came():
    class Cut(BytesIO):
        def read(self, *size):
            if more := super().read(2):
                return more
            raise OSError("cut")

    environ = seen("/", **{"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": Cut(b"abcd")})

    assert environ["wsgi.input"].read() == b"abcd"


def test_a_body_of_known_length_is_left_alone():
    body = BytesIO(b"{}")
    environ = seen("/", **{"CONTENT_LENGTH": "2", "HTTP_TRANSFER_ENCODING": "", "wsgi.input": body})

    assert environ["wsgi.input"] is body
