"""`make fuzz`: thousands of requests that the schema allows, and that it forbids, against the real web server.

Schemathesis makes them of `/api/schema` and looks at every answer: no 500, nothing that the schema does not say.
What it may find and is right is said in `schemathesis.toml`, with the reason. ARGS are its own, for example
`make fuzz ARGS="--include-path /api/orders --seed 7"`.
"""

import os
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

import requests

from earlybird import embedded
from earlybird.stack import BASE_DIR, Stack
from earlybird.tests.real import own_environment, python

CONFIG = BASE_DIR / "benchmarks" / "schemathesis.toml"
NO_LIMIT = dict.fromkeys(("API_RATE_USER", "API_RATE_ANONYMOUS", "API_RATE_SIGN_IN"), "1000000/s")
# These end the token they are called with: they get one of their own, after all others.
ENDS = ("/api/auth/sign-out", "/api/auth/sign-out-everywhere")


def fuzz(*words: str, examples: int = 250) -> int:
    """Run it on a system of its own; returns the exit code. `words` are Schemathesis's."""
    embedded.ensure(postgres=not os.environ.get("DATABASE_URL"), redis=not os.environ.get("REDIS_URL"))
    with tempfile.TemporaryDirectory() as folder, own_environment("fuzz", Path(folder)) as own:
        env = own | NO_LIMIT | {"MYOPERATOR_API": "memory", "LOG_LEVEL": "ERROR"}
        ports = {"port": int(env["PORT"]), "sandbox_port": int(env["SANDBOX_PORT"])}
        with Stack(env=env, only={"web"}, say=_say, **ports) as stack:
            others = [word for path in ENDS for word in ("--exclude-path", path)]
            ends = [word for path in ENDS for word in ("--include-path", path)]
            runs = (others, ends) if not words or words[0] != "--include-path" else ([],)
            _fill(stack)
            codes = [_run(stack, examples, *paths, *words) for paths in runs]
            return int(any(codes))


def _fill(stack: Stack) -> None:
    """One row of everything that the demo's shop has none of."""
    day = (date.today() + timedelta(days=1)).isoformat()
    order = {"customer": 1, "delivery_date": day, "items": [{"product": 1, "quantity": 2}]}
    bill = {"customer": 2, "month": "2026-10", "amount": "900.00", "due_date": day}
    payment = {"customer": 1, "amount": "450.00", "method": "upi", "month": "2026-10"}
    refund = {"customer": 1, "amount": "5.00", "method": "upi", "reason": "Too much"}
    rows = {"orders": order, "billing/bills": bill, "billing/payments": payment, "billing/refunds": refund}
    desk = requests.Session()
    desk.trust_env, desk.headers["Authorization"] = False, f"Bearer {_token(stack)}"
    for path, body in rows.items():
        desk.post(f"{stack.url}/api/{path}", json=body, timeout=10).raise_for_status()


def _token(stack: Stack) -> str:
    return python("manage.py", "apitoken", "chitra", env=stack.env).stdout.strip()


def _run(stack: Stack, examples: int, *words: str) -> int:
    command = [
        sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run", f"{stack.url}/api/schema",
        "--checks", "all", "--exclude-checks", "positive_data_acceptance", "--max-examples", str(examples),
        "--header", f"Authorization: Bearer {_token(stack)}", *words,
    ]  # fmt: skip
    proxyless = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    return subprocess.run(command, cwd=BASE_DIR, env=proxyless, check=False).returncode  # noqa: S603


def _say(name: str, line: str) -> None:
    """What the server says of a bug, not of every request that was bad."""
    if not {"INFO", "WARNING", "[INFO]", "[WARNING]"} & set(line.split()[:5]):
        print(f"{name:>8} | {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(fuzz(*sys.argv[1:]))
