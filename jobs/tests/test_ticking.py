"""A daily job is done once for each day, at its time or as soon after it as somebody ticks."""

from datetime import date, time, timedelta

import pytest
from django.db import connection

from jobs import registry, ticking
from jobs.lock import is_held, only_worker
from jobs.models import Job, JobRun, time_of
from jobs.registry import DailyJob
from jobs.tests.conftest import DAY, at
from notifications.tests.at_once import together

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_the_day_is_indias(ran):
    """21:00 of the 22nd in India is half past three in the afternoon in London."""
    ticking.tick(at(DAY, "23:59"))
    ticking.tick(at(DAY + timedelta(days=1), "00:04"))

    assert ran == [DAY]


def test_a_time_that_staff_move_on_after_the_job_is_done_does_not_do_it_again(ran):
    ticking.tick(at(DAY, "21:00"))
    Job.objects.update(at=time(22, 30))

    ticking.tick(at(DAY, "22:30"))

    assert ran == [DAY]


def test_a_time_that_staff_move_to_before_now_is_due_at_once(ran):
    ticking.tick(at(DAY, "19:00"))
    Job.objects.update(at=time(18))

    ticking.tick(at(DAY, "19:05"))

    assert ran == [DAY]


def test_a_job_that_staff_switch_off_while_it_waits_for_the_lock_is_not_done(ran, monkeypatch):
    def switched_off(code):
        Job.objects.update(active=False)
        return only_worker(code)

    monkeypatch.setattr(ticking, "only_worker", switched_off)

    ticking.tick(at(DAY, "21:00"))

    assert ran == []
    assert JobRun.objects.get().state == "off"


def test_the_lock_is_free_after_a_run_that_raised(ran):
    registry.register(DailyJob("broken", "", "", time(21), lambda day, _: 1 / 0))

    ticking.tick(at(DAY, "21:00"))

    together(lambda: _take("broken"), 1)


def _take(code):
    with only_worker(code) as is_ours:
        assert is_ours


def test_a_held_lock_can_be_seen_by_others_and_a_freed_one_not(ran):
    seen = []
    with only_worker("nightly"):
        together(lambda: seen.append(is_held("nightly")), 1)
        assert not is_held("other")

    assert seen == [True]
    assert not is_held("nightly")


def test_a_connection_that_is_lost_under_a_job_fails_that_job_and_no_other(ran):
    def cut_off(day, progress):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    registry.register(DailyJob("cut", "", "", time(20), cut_off))

    ticking.tick(at(DAY, "21:00"))

    assert JobRun.objects.get(job="cut").state == "failed"
    assert ran == [DAY]


def test_a_try_begins_its_progress_and_its_time_anew(ran):
    job = Job.objects.create(pk="nightly", at=time(21))
    JobRun.objects.create(job=job, day=DAY, state="failed", done=7, total=9, started_at=at(DAY, "21:00"))
    seen = []
    registry._jobs["nightly"] = DailyJob(
        "nightly", "", "", time(21), lambda day, _: seen.append(JobRun.objects.get()) or ""
    )

    ticking.tick(at(DAY, "21:05"))

    assert (seen[0].done, seen[0].total, seen[0].state) == (0, None, "running")
    assert seen[0].started_at > at(DAY, "21:00")


def test_what_comes_after_a_job_that_fails_again_and_again_waits_for_it_three_tries_and_no_longer(ran):
    later: list[date] = []
    registry._jobs["nightly"] = DailyJob("nightly", "", "", time(21), lambda day, _: 1 / 0)
    registry.register(
        DailyJob("remind", "", "", time(21), lambda day, _: later.append(day) or "", after="nightly")
    )
    done = []
    for clock in ("21:00", "21:05", "21:10", "21:15"):
        ticking.tick(at(DAY, clock))
        done.append(len(later))

    assert done == [0, 0, 1, 1]


def test_what_did_not_wait_is_done_once_more_after_the_job_that_failed(ran):
    """The reminders of orders that were made late."""
    later: list[date] = []
    registry._jobs["nightly"] = DailyJob("nightly", "", "", time(21), lambda day, _: 1 / 0)
    registry.register(
        DailyJob("remind", "", "", time(21), lambda day, _: later.append(day) or "", after="nightly")
    )
    for clock in ("21:00", "21:05", "21:10", "21:15"):
        ticking.tick(at(DAY, clock))
    run = JobRun.objects.get(job="remind")
    assert (len(later), run.state) == (1, "waiting")

    registry._jobs["nightly"] = DailyJob("nightly", "", "", time(21), lambda day, _: "")
    for clock in ("21:20", "21:25"):
        ticking.tick(at(DAY, clock))
    run.refresh_from_db()
    assert (len(later), run.state) == (2, "done")


def test_a_beat_that_was_dead_for_long_makes_up_a_month_and_no_more(ran):
    ticking.tick(at(DAY, "21:00"))
    ticking.tick(at(DAY + timedelta(days=60), "21:00"))

    assert ran[1:] == [DAY + timedelta(days=number) for number in range(29, 61)]
