"""Row 10: a claim with a long log and a long queue, beside one with 1,000 due and nothing behind them."""

import contextlib
import statistics
import time
from collections.abc import Iterator

import psycopg

from benchmarks.asked import Ask, answering
from benchmarks.filled import fill
from benchmarks.setting import Bench
from benchmarks.table import Row, p95

FEW_DUE = 1_000
CLAIMS = 40  # of each side in a turn
# The newest messages, one to each of as many people, so that nobody's own pace holds one back.
_QUEUE = """
WITH due AS (
    INSERT INTO notifications_message (phone, kind, language, text, variables, reference_id, status, tries,
        error_code, error, created_at, expires_at)
    SELECT '+917' || lpad(n::text, 9, '0'), 'delivery_confirmed', 'en', 'Delivery confirmed', '{}', 'order_' || n,
        'queued', 0, '', '', now(), now() + interval '1 day'
    FROM generate_series(1, %s) AS n RETURNING id
)
INSERT INTO notifications_queuedmessage (message_id, priority, due_at, expires_at, waits_for, withdrawn,
    withdrawn_why, tries, claims, put_offs, spaced, passes_hours)
SELECT id, 1, now(), now() + interval '1 day', '', '', '', 0, 0, 0, false, false FROM due
"""


def measure(bench: Bench, *, pairs: int, log: int) -> list[Row]:
    """`log` messages, a tenth as many due."""
    due = log // 10
    with _side(bench, "bench_claims_few", 0, FEW_DUE) as few, _side(bench, "bench_claims", log, due) as many:
        few(f"{CLAIMS}"), many(f"{CLAIMS}")  # warm
        taken = [(few(f"{CLAIMS}"), many(f"{CLAIMS}")) for _ in range(pairs)]
    p50s = [statistics.median(large) / statistics.median(small) for small, large in taken]
    p95s = [p95(large) / p95(small) for small, large in taken]
    what = f"a claim: {due:,} due, {log:,} in the log / {FEW_DUE:,} due"
    return [
        Row(10, f"{what}, p50", p50s, "x", 1.5, at_most=True),
        Row(10, "  p95", p95s, "x", 1.5, at_most=True),
        Row(10, "  p50", [statistics.median(large) for _, large in taken], "ms", 1000, at_most=True),
    ]


@contextlib.contextmanager
def _side(bench: Bench, database: str, log: int, due: int) -> Iterator[Ask]:
    with bench.web(database) as web:
        begun = time.monotonic()
        if log:
            fill(web, log)
        with psycopg.connect(web.env["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(_QUEUE, [due])
            connection.execute("VACUUM ANALYZE notifications_message")
            connection.execute("VACUUM ANALYZE notifications_queuedmessage")
        print(f"  {log:,} in the log, {due:,} due, in {time.monotonic() - begun:.0f} s", flush=True)
        with answering("benchmarks.claiming", web.env) as claims:
            yield claims
