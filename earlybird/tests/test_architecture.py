"""Who may import whom, and who may do what: the walls of the house.

The business apps come in by the doors of notifications: `outbox` (tell somebody), `registry` (declare a kind),
`signals` (hear what became of it). Two more stand open to them, which hold no business of ours: `phones`, for a
number has one form in the whole database, and `clock`, for whoever moves time must move it for everybody.
Below them all lie `rest`, how every endpoint behaves, `backoffice`, how every page for staff behaves, and `jobs`,
what is done once a day. They know those two, and no app; of each other, the pages and the nudge only.
"""

import ast
import re
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings

from earlybird.procfile import commands

HOUSE = settings.BASE_DIR
APPS = ("earlybird", "rest", "backoffice", "jobs", "notifications", "orders", "billing", "delivery")
DOORS = {f"notifications.{door}" for door in ("outbox", "registry", "signals", "phones", "clock")}
SHARED_BY_PROVIDERS = {"base", "transport", "connections", "watchdog", "meta", "answers", "listing"}
NO_ROOMS = {"utils", "util", "helpers", "services", "managers", "constants", "misc", "common"}


def modules(*folders: str, but: tuple[str, ...] = ()) -> list[Path]:
    """Our own modules under these folders, tests and migrations left out."""
    left_out = (*but, "tests/", "migrations/")
    found = (path for folder in folders for path in (HOUSE / folder).rglob("*.py"))
    return sorted(p for p in found if not any(part in f"{p.relative_to(HOUSE)}" for part in left_out))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imports(path: Path) -> set[str]:
    """Every module or name it imports, in full: `from notifications import outbox` is notifications.outbox."""
    package = path.relative_to(HOUSE).parts[:-1]
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *filter(None, [node.module])])
            found |= {f"{base}.{name.name}" for name in node.names}
    return found


def broken(paths: list[Path], forbidden) -> list[str]:
    """`file imports name`, for each import that is forbidden."""
    return [
        f"{p.relative_to(HOUSE)} imports {name}"
        for p in paths
        for name in sorted(imports(p))
        if forbidden(name)
    ]


def calls(path: Path) -> list[str]:
    return [ast.unparse(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


@pytest.mark.parametrize(
    ("app", "strangers"),
    [
        ("notifications", ("orders", "billing", "delivery", "earlybird")),
        ("orders", ("billing", "delivery", "earlybird")),
        ("billing", ("delivery", "earlybird")),
        ("delivery", ("billing", "earlybird")),
    ],
)
def test_an_app_knows_only_what_lies_below_it(app, strangers):
    assert broken(modules(app), lambda name: within(name, *strangers)) == []


@pytest.mark.parametrize("room", ["rest", "backoffice", "jobs"])
def test_what_lies_below_the_apps_knows_none_of_them(room):
    allowed = {"notifications.phones", "notifications.clock", "backoffice", "jobs.nudge"}

    def strange(name):
        return within(name, *set(APPS) - {room}) and not within(name, *allowed)

    assert broken(modules(room), strange) == []


def test_the_business_apps_come_in_by_the_doors_of_notifications():
    paths = modules("orders", "billing", "delivery")

    assert broken(paths, lambda name: within(name, "notifications") and not within(name, *DOORS)) == []


def test_what_measures_and_looks_at_the_house_is_no_part_of_it():
    assert broken(modules(*APPS), lambda name: within(name, "browser", "benchmarks")) == []


def test_a_provider_knows_what_all_providers_share_and_nothing_else():
    shared = {f"notifications.providers.{name}" for name in SHARED_BY_PROVIDERS}

    def strange(name):
        known = name.split(".")[0] in {"requests", "urllib3", "phonenumbers", *sys.stdlib_module_names}
        return not known and not within(name, *shared)

    assert broken(modules("notifications/providers"), strange) == []


def test_only_providers_speak_http():
    paths = modules(*APPS, but=("notifications/providers/",))

    assert broken(paths, lambda name: within(name, "requests", "urllib3", "httpx", "aiohttp")) == []


def test_the_sandbox_stands_alone():
    def ours(name):
        return within(name, *APPS, "django", "celery") and not within(name, "notifications.sandbox")

    assert broken(modules("notifications/sandbox"), ours) == []


def sets_a_status(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        parts = [part for target in targets for part in ast.walk(target)]
        return any(isinstance(part, ast.Attribute) and part.attr == "status" for part in parts)
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith((".update", ".bulk_update")):
        named = any(keyword.arg == "status" for keyword in node.keywords)
        return named or any("'status'" in ast.unparse(argument) for argument in node.args)
    return False


def test_only_models_change_a_status():
    changed = [
        f"{path.relative_to(HOUSE)}: {ast.unparse(node)}"
        for path in modules("notifications", but=("models/", "sandbox/"))
        for node in ast.walk(tree(path))
        if sets_a_status(node)
    ]

    # A draft of the outbox is not a message yet.
    assert [line for line in changed if "outbox/draft.py: self.status, self.code" not in line] == []


def test_only_the_outbox_creates_messages():
    creates = ("Message", *(f"Message.objects.{verb}" for verb in ("create", "bulk_create", "get_or_create")))
    paths = modules(*APPS, but=("notifications/outbox/", "notifications/sandbox/"))

    assert [str(path) for path in paths for call in calls(path) if call in creates] == []


WRITES = {
    "create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete", "save",
}  # fmt: skip


def writes_of(path: Path, model: str) -> list[str]:
    """The calls that write rows of this model: on the model itself, or `save` where it is imported; and SQL."""
    here = str(path.relative_to(HOUSE))
    imported = any(name.endswith(f".{model}") for name in imports(path))
    found = [
        call
        for call in calls(path)
        if call.rpartition(".")[2] in WRITES and (model in call or (imported and call.endswith(".save")))
    ]
    written = re.compile(rf"(INSERT INTO|UPDATE|DELETE FROM)\s+notifications_{model.lower()}\b")
    texts = [
        n.value for n in ast.walk(tree(path)) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    ]
    return [f"{here}: {call}" for call in found] + [f"{here}: SQL" for text in texts if written.search(text)]


@pytest.mark.parametrize("model", ["NotificationPreference", "ConsentEvent"])
def test_a_wish_changes_in_one_place_which_keeps_the_ledger(model):
    # Erasing a person is no wish of theirs: it ends the row, and takes the number out of the ledger.
    paths = modules(*APPS, but=("notifications/wishes.py", "notifications/erasure.py"))

    assert [line for path in paths for line in writes_of(path, model)] == []
    assert writes_of(HOUSE / "notifications" / "wishes.py", model)


def test_only_the_engine_calls_a_provider():
    paths = modules("notifications", but=("engine/", "providers/", "sandbox/", "signals.py"))

    asked = (".send", ".knock", ".provider.templates")
    assert [f"{path} {call}" for path in paths for call in calls(path) if call.endswith(asked)] == []
    assert broken(paths, lambda name: within(name, "notifications.providers.transport")) == []


def test_every_queue_a_task_goes_to_has_a_worker():
    routes = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    consumed = {
        queue
        for command in commands({}).values()
        for flag, value in pairwise(command)
        if flag == "-Q"
        for queue in value.split(",")
    }

    assert consumed >= routes | {settings.CELERY_TASK_DEFAULT_QUEUE}


def test_the_tests_of_every_room_are_run(pytestconfig):
    assert {app for app in APPS if (HOUSE / app / "tests").is_dir()} == set(pytestconfig.getini("testpaths"))


def test_no_room_is_a_drawer_for_everything():
    assert [str(path) for path in modules(*APPS) if NO_ROOMS & {path.stem, *path.parts}] == []


def test_the_walls_can_be_seen_to_fall(tmp_path, monkeypatch):
    house = tmp_path / "orders"
    house.mkdir()
    (house / "actions.py").write_text(
        "from notifications import models\nfrom . import billing\nimport delivery.x\n"
    )
    monkeypatch.setattr(sys.modules[__name__], "HOUSE", tmp_path)

    assert imports(house / "actions.py") == {"notifications.models", "orders.billing", "delivery.x"}
    assert broken(modules("orders"), lambda name: within(name, "delivery")) == [
        "orders/actions.py imports delivery.x"
    ]
