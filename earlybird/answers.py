"""Whether a part of the stack answers; of a port, database or broker that is no use, one sentence why."""

import re
import socket
import urllib.error
import urllib.request
import warnings
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

SECONDS = 2  # that a server may take to answer at the start
REDIS_ADDRESS = re.compile(r"rediss?://[^/?]*(/\d*)?(\?.*)?|redis\+socket:///?.+")


def web(health_url: str) -> bool:
    """The web answers for its health. 503 is an answer too: the web is up, and says what is not."""
    try:
        urllib.request.urlopen(health_url, timeout=5).close()  # noqa: S310
    except urllib.error.HTTPError as error:
        error.close()
        return error.code == 503
    except OSError:
        return False
    return True


def port(number: int) -> bool:
    """Somebody listens there, on this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", number)) == 0


def worker(name: str, broker: str) -> bool:
    """The Celery worker `<name>@<this machine>` answers a ping; not while the broker itself does not."""
    from celery import Celery  # not before it is needed: the command line starts faster
    from kombu.exceptions import OperationalError
    from redis.exceptions import RedisError

    app = Celery(broker=broker, set_as_current=False)
    # A connection of its own: the pool's may be left over from a Redis that is gone.
    with app, app.connection_for_write() as connection:
        try:
            connection.ensure_connection(max_retries=1, interval_start=0)
            asked = app.control.ping([f"{name}@{socket.gethostname()}"], timeout=0.5, connection=connection)
        except (OSError, OperationalError, RedisError):
            return False
    return bool(asked)


def ports_trouble(ports: Mapping[str, int]) -> str | None:
    """Why we cannot listen on all of these ports, given by the names of their settings."""
    for name, number in ports.items():
        if not 0 < number < 65536:
            return f"{name}={number} is no port: set it to a number from 1 to 65535."
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", number))
            except OSError as error:
                said = f"Port {number} cannot be used ({error.strerror})"
                return f"{said}: stop what uses it, or set {name} to another."
    if len(set(ports.values())) < len(ports):
        return f"{' and '.join(ports)} are both {number}: set one of them to another."
    return None


def database_settings(url: str) -> dict[str, Any]:
    """The database as Django wants to be told of it; the sentence for a wrong address never repeats it."""
    with warnings.catch_warnings(action="ignore"):
        try:
            found = environ.Env.db_url_config(url)
        except ValueError:
            found = {}
    if not (found.get("ENGINE", "").endswith("postgresql") and found["NAME"]):
        raise ImproperlyConfigured(
            "the setting DATABASE_URL is no address of a PostgreSQL database: "
            "write it like postgres://user:password@host:5432/name."
        )
    return found


def database_trouble(url: str) -> str | None:
    """Why the database at this address cannot be used."""
    import psycopg  # not through Django: who starts the stack has no transaction to answer for

    config = database_settings(url)
    given = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password", "NAME": "dbname"}
    wanted = {ours: config[theirs] for theirs, ours in given.items() if config.get(theirs)}
    try:
        psycopg.connect(**{"connect_timeout": SECONDS} | wanted | config.get("OPTIONS", {})).close()
    except psycopg.Error as error:
        return _unusable("DATABASE_URL", "PostgreSQL", config["HOST"], config["PORT"], error)
    return None


def broker_trouble(url: str) -> str | None:
    """Why the Redis at this address, written as Celery wants it, cannot be used."""
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    try:
        address = urlsplit(url)
        host, number = address.hostname, address.port
    except ValueError:
        url = ""
    if not REDIS_ADDRESS.fullmatch(url):
        return "The setting REDIS_URL is no address of a Redis: write it like redis://host:6379/0."
    client = redis.Redis.from_url(
        url.replace("redis+socket:", "unix:").replace("?virtual_host=", "?db="),
        socket_connect_timeout=SECONDS, socket_timeout=SECONDS, retry=Retry(NoBackoff(), 0),
    )  # fmt: skip
    try:
        client.ping()
    except (redis.RedisError, OSError) as error:
        return _unusable("REDIS_URL", "Redis", host, number, error)
    finally:
        client.close()
    return None


def _unusable(name: str, server: str, host: str | None, number: object, error: Exception) -> str:
    where = ":".join(str(part) for part in (host, number) if part) or "the given socket"
    why = (str(error).splitlines() or [type(error).__name__])[0].rpartition("failed: ")[2].rstrip(".")
    return f"The {server} of {name} at {where} cannot be used ({why}): start it, or correct {name}."
