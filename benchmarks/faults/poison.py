"""Row 13: a message whose outcome can never be recorded, among others that are claimed with it."""

from django.db import connection

from benchmarks.faults.ground import Ground
from benchmarks.faults.rows import Seen, row, wait_until
from benchmarks.faults.truth import Status, all_are, queue, reckon
from benchmarks.faults.workers import SHORT
from notifications import staff
from notifications.engine.sweep import MOST_CLAIMS
from notifications.models import Attempt, Held, QueuedMessage

OTHERS = 50
# Whatever a worker records of this message raises; that it was lost can be written down.
POISON = """
CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'poison';
END $$;
CREATE TRIGGER poison BEFORE INSERT ON notifications_attempt FOR EACH ROW
    WHEN (NEW.message_id = {message} AND NEW.code <> 'worker_lost') EXECUTE FUNCTION poison();
"""


@row(
    13,
    "poison message (its handling raises)",
    f"set aside after {MOST_CLAIMS} claims without a recorded outcome; its batch is sent",
)
def poisoned(ground: Ground, seen: Seen) -> None:
    with ground.stack({"dispatch", "jobs", "beat"}, **SHORT):
        staff.stop_channel("Chitra", "to put them together")
        (poison,) = queue(1)
        with connection.cursor() as cursor:
            cursor.execute(POISON.format(message=poison))
        others = [pk for claims in range(MOST_CLAIMS) for pk in _with_others(ground, poison, claims + 1)]
    held = QueuedMessage.objects.get(pk=poison)
    fine = held.claims == MOST_CLAIMS and held.held_for == Held.POISON
    seen.check(f"after {held.claims} claims held as {held.held_for}", fine)
    tries = Attempt.objects.filter(message_id=poison)
    seen.check(
        f"{tries.count()} tries in its log", set(tries.values_list("code", flat=True)) == {"worker_lost"}
    )
    truth = reckon(ground.sandbox, others)
    seen.check(f"the others: {truth}", truth.fine and not truth.twice)


def _with_others(ground: Ground, poison: int, claims: int) -> list[int]:
    """Let it be claimed together with others, these be sent, and its lease run out."""
    staff.stop_channel("Chitra", "to put them together")
    others = queue(OTHERS)
    ground.clock.move(minutes=20)  # it is due again
    staff.resume_channel("Chitra")
    wait_until("the others are sent", lambda: all_are(others, Status.SENT), 30)
    tries = Attempt.objects.filter(message_id=poison)
    wait_until("its lease is over", lambda: tries.count() == claims, 40)
    return others
