"""A body that comes in chunks is a body."""

import io

import pytest
from django.core.handlers.wsgi import WSGIRequest

from earlybird.chunked import counted


def request_of(body, **environ):
    """The request that Django makes of it; its body is left to be read."""
    found = []
    given = {"REQUEST_METHOD": "POST", "PATH_INFO": "/", "wsgi.input": io.BytesIO(body)} | environ
    counted(lambda environ, _: found.append(WSGIRequest(environ)) or [])(given, lambda *_: None)
    return found[0]


def test_a_body_in_chunks_is_read():
    assert request_of(b'{"event_id": "e"}', HTTP_TRANSFER_ENCODING="chunked").body == b'{"event_id": "e"}'


@pytest.mark.parametrize("length", ["", "0"])
def test_without_chunks_nothing_is_read_that_no_length_names(length):
    assert request_of(b"more", CONTENT_LENGTH=length).body == b""


def test_of_a_body_that_is_too_large_no_more_is_read_than_shows_it(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    stream = io.BytesIO(b"x" * 5000)
    request = request_of(b"", HTTP_TRANSFER_ENCODING="chunked", **{"wsgi.input": stream})

    assert request.META["CONTENT_LENGTH"] == "1001"
    assert stream.tell() == 1001


def test_a_sender_who_breaks_off_leaves_what_came():
    class Cut(io.BytesIO):
        def read(self, *size):
            if more := super().read(2):
                return more
            raise OSError("cut")

    request = request_of(b"", HTTP_TRANSFER_ENCODING="chunked", **{"wsgi.input": Cut(b"abcd")})

    assert request.body == b"abcd"
