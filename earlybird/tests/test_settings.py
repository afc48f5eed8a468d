"""A setting of the wrong kind is one sentence that names it."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from earlybird.answers import database_settings
from earlybird.environment import read_file
from earlybird.settings import Environment


@pytest.mark.parametrize(
    "url", ["foo", "mysql://u:hunter2@h/z", "postgres://u:hunter2@h:99999/z", "postgres://u:hunter2@h"]
)
def test_what_is_no_database_address_is_refused_without_repeating_it(url):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL is no address") as refused:
        database_settings(url)
    assert "hunter2" not in str(refused.value)


def test_a_list_that_holds_no_numbers_is_refused_by_name(monkeypatch):
    monkeypatch.setenv("NOTIFICATION_RETRY_MINUTES", "a,b")
    with pytest.raises(ImproperlyConfigured, match=r"NOTIFICATION_RETRY_MINUTES cannot be 'a,b'.* numbers"):
        Environment().list("NOTIFICATION_RETRY_MINUTES", cast=float)


def test_a_space_after_a_comma_and_the_end_of_a_line_belong_to_no_setting(monkeypatch):
    """`SECRETS=new, old`: the old one would open nothing, and its receipts would be refused."""
    monkeypatch.setenv("SECRETS", "new, old ")
    monkeypatch.setenv("KEY", "the-key\n")

    assert Environment().list("SECRETS") == ["new", "old"]
    assert Environment().str("KEY") == "the-key"


def test_a_file_of_settings_that_is_no_text_is_refused_by_name(tmp_path):
    (tmp_path / ".env").write_bytes("A=1".encode("utf-16"))
    with pytest.raises(ImproperlyConfigured, match=r"the file .*\.env is no text in UTF-8"):
        read_file(tmp_path / ".env")


def test_the_mark_that_some_editors_begin_files_with_is_no_part_of_a_name(tmp_path, monkeypatch):
    monkeypatch.setattr("environ.Env.ENVIRON", found := {})
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfCHURN_DAYS=20")
    read_file(tmp_path / ".env")

    assert found["CHURN_DAYS"] == "20"
