"""Whether a part of the stack answers."""

import socket
import urllib.error
import urllib.request


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
