"""A daily job is done once for each day, at its time or as soon after it as somebody ticks."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from jobs import registry, ticking
from jobs.lock import only_worker
from jobs.models import Job, JobRun, time_of
from jobs.registry import DailyJob
from notifications.tests.at_once import together

pytestmark = pytest.mark.django_db(transaction=True)
IST = ZoneInfo("Asia/Kolkata")
DAY = date(2026, 11, 22)


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), IST)


@pytest.fixture
def ran(monkeypatch):
    """The days that the only job there is, due at 21:00, was done for."""
    days: list[date] = []

    def run(day, progress):
        days.append(day)
        progress(1, 1)
        return f"done for {day}"

    monkeypatch.setattr(registry, "_jobs", {})
    registry.register(DailyJob("nightly", "Nightly", "Every night.", time(21), run))
    return days


def test_a_job_is_not_done_before_its_time(ran):
    ticking.tick(at(DAY, "20:59"))

    assert ran == []


def test_a_job_is_done_once_however_often_beat_ticks(ran):
    for clock in ("21:00", "21:05", "23:55"):
        ticking.tick(at(DAY, clock))

    assert ran == [DAY]


def test_the_time_that_staff_set_counts(ran):
    Job.objects.create(pk="nightly", at=time(18))

    ticking.tick(at(DAY, "18:00"))

    assert ran == [DAY]
    assert time_of("nightly") == time(18)


def test_each_day_that_was_missed_is_made_up_once_the_oldest_first(ran):
    ticking.tick(at(DAY, "21:00"))

    ticking.tick(at(DAY + timedelta(days=3), "09:00"))
    ticking.tick(at(DAY + timedelta(days=3), "09:05"))

    assert ran == [DAY, DAY + timedelta(days=1), DAY + timedelta(days=2)]


def test_what_was_before_a_job_was_first_seen_is_not_made_up(ran):
    ticking.tick(at(DAY, "09:00"))
    ticking.tick(at(DAY, "21:00"))

    assert ran == [DAY]


def test_a_job_that_failed_says_why_and_is_tried_again_at_the_next_tick(ran):
    tries = []

    def broken_once(day, progress):
        tries.append(day)
        if len(tries) == 1:
            raise RuntimeError("no milk")
        return "done"

    registry.register(DailyJob("broken", "", "", time(21), broken_once))

    ticking.tick(at(DAY, "21:00"))
    run = JobRun.objects.get(job="broken")
    assert (run.state, run.said) == ("failed", "RuntimeError: no milk")
    ticking.tick(at(DAY, "21:05"))

    run.refresh_from_db()
    assert (run.state, run.said, run.tries) == ("done", "done", 2)


def test_a_job_that_failed_does_not_keep_the_next_from_being_done(ran, monkeypatch):
    def broken(day, progress):
        raise RuntimeError

    registry.register(DailyJob("broken", "", "", time(20), broken))

    ticking.tick(at(DAY, "21:00"))

    assert ran == [DAY]


def test_a_run_whose_worker_died_is_taken_up_again(ran):
    job = Job.objects.create(pk="nightly", at=time(21))
    JobRun.objects.create(job=job, day=DAY, state="running", started_at=at(DAY, "21:00"))

    ticking.tick(at(DAY, "21:05"))

    assert JobRun.objects.get().state == "done"


def test_days_that_pass_while_a_job_is_off_are_not_made_up(ran):
    job = Job.objects.create(pk="nightly", at=time(21), active=False)
    ticking.tick(at(DAY, "21:00"))
    job.active = True
    job.save()

    ticking.tick(at(DAY + timedelta(days=1), "20:00"))

    assert ran == []


def test_a_job_waits_for_the_one_it_comes_after(ran):
    later: list[date] = []
    registry.register(
        DailyJob("remind", "", "", time(18), lambda day, _: later.append(day) or "", after="nightly")
    )

    ticking.tick(at(DAY, "20:00"))
    assert later == []
    ticking.tick(at(DAY, "21:00"))

    assert later == [DAY]


def test_nobody_does_a_job_that_another_worker_is_at(ran):
    with only_worker("nightly") as is_ours:
        assert is_ours
        together(lambda: ticking.tick(at(DAY, "21:00")), 2)

    assert ran == []


def test_two_workers_that_tick_at_once_do_a_day_once(ran):
    together(lambda: ticking.tick(at(DAY, "21:00")), 4)

    assert ran == [DAY]
    assert JobRun.objects.get().said == f"done for {DAY}"


def test_the_progress_of_a_job_is_kept_where_staff_see_it(ran):
    ticking.tick(at(DAY, "21:00"))

    run = JobRun.objects.get()
    assert (run.done, run.total) == (1, 1)
