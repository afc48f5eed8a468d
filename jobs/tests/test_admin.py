"""What staff see of the daily jobs, and what they may do."""

from datetime import time, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils import timezone

from jobs import admin, tasks, ticking
from jobs.lock import only_worker
from jobs.models import Job, JobRun
from jobs.tests.conftest import DAY, at
from notifications import clock
from notifications.tests.at_once import together

pytestmark = pytest.mark.django_db
JOBS, DAYS = "/admin/jobs/job/", "/admin/jobs/jobrun/"
BEFORE = DAY - timedelta(days=1)


@pytest.fixture
def nudges(monkeypatch):
    asked = []
    monkeypatch.setattr(admin.NUDGER, "nudge", lambda: asked.append(admin.NUDGER.task))
    return asked


@pytest.fixture
def job(ran, tmp_path, settings, db):
    """The only job; it is ten in the evening."""
    Job.objects.all().delete()
    file = tmp_path / "clock"
    file.write_text(str((at(DAY, "22:00") - timezone.now()).total_seconds()))
    settings.EARLYBIRD_CLOCK_FILE = str(file)
    return Job.objects.create(pk="nightly", at=time(21))


@pytest.fixture
def desk(client):
    client.force_login(get_user_model().objects.create_superuser("chitra"))
    return client


def staff(client, *codenames):
    user = get_user_model().objects.create_user("dev", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(codename__in=codenames, content_type__app_label="jobs")
    )
    client.force_login(user)
    return client


def page(desk, address=JOBS):
    return desk.get(address).content.decode()


def run_of(job, day=DAY, **fields):
    return JobRun.objects.create(
        job=job, day=day, **{"state": "done", "started_at": at(day, "21:00")} | fields
    )


def test_the_list_says_when_it_was_done_what_it_did_and_when_it_is_next_due(desk, job):
    ticking.tick(at(DAY, "21:00"))

    seen = page(desk)

    assert "done for 2026-11-22" in seen
    assert "22 Nov, 10:00 PM" in seen
    assert "23 Nov, 9:00 PM" in seen


def test_a_day_that_waits_is_said_to_be_due_now(desk, job):
    assert "waits since 22 Nov, 9:00 PM" in page(desk)


def test_a_job_that_failed_stands_out_with_its_reason(desk, job):
    run_of(job, state="failed", tries=2, said="RuntimeError: no milk")

    seen = page(desk)

    assert "Failed 2×, is tried again" in seen
    assert "RuntimeError: no milk" in seen


def test_when_it_was_last_done_is_said_though_it_failed_since(desk, job):
    run_of(job, BEFORE, finished_at=at(BEFORE, "21:03"))
    run_of(job, state="failed", finished_at=at(DAY, "21:04"))

    assert "21 Nov, 9:03 PM" in (seen := page(desk))
    assert "22 Nov, 9:04 PM" not in seen


def test_an_earlier_day_that_failed_is_not_hidden_by_one_that_is_done(desk, job):
    run_of(job, BEFORE, state="failed")
    run_of(job)

    assert "Done</span><strong" in (seen := page(desk))
    assert "failed for 21 Nov" in seen


@pytest.mark.django_db(transaction=True)
def test_the_progress_of_a_job_is_seen_while_it_runs_and_the_page_looks_again(desk, job):
    run_of(job, state="running", done=3000, total=100_000)
    seen = []
    with only_worker("nightly"):
        together(lambda: seen.append(page(desk)), 1)

    assert "3,000 of 1,00,000" in seen[0]
    assert "Running" in seen[0]
    assert 'http-equiv="refresh"' in seen[0]


def test_a_run_whose_worker_died_does_not_look_as_if_it_ran(desk, job):
    run_of(job, state="running")

    assert "Broke off, is taken up again" in page(desk)


def test_changing_the_time_says_when_it_is_done_next(desk, job):
    ticking.tick(at(DAY, "21:00"))

    answer = desk.post(f"{JOBS}nightly/change/", {"at": "18:30", "active": "on"}, follow=True)

    assert "Next: 23 Nov, 6:30 PM" in answer.content.decode()
    assert Job.objects.get().at == time(18, 30)


def test_switching_it_off_says_what_that_means(desk, job):
    answer = desk.post(f"{JOBS}nightly/change/", {"at": "21:00"}, follow=True)

    assert "Days that pass until it is on are not made up" in answer.content.decode()
    assert not Job.objects.get().active


def test_a_job_that_no_part_declares_any_more_is_no_error(desk, job):
    Job.objects.create(pk="gone", at=time(3))

    assert "gone" in page(desk)
    assert "No part of EarlyBird" in page(desk, f"{JOBS}gone/change/")


def test_staff_need_not_wait_for_the_next_tick(desk, job, nudges, django_capture_on_commit_callbacks):
    assert "Do now what is due" in page(desk)

    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"{JOBS}tick")

    assert nudges == [tasks.tick.name]


def test_a_tick_is_never_a_link(desk, job, nudges):
    assert desk.get(f"{JOBS}tick").status_code == 405
    assert nudges == []


def test_a_tick_takes_the_permission_to_change(client, job, nudges):
    watching = staff(client, "view_job", "view_jobrun")

    assert "Do now what is due" not in page(watching)
    assert watching.post(f"{JOBS}tick").status_code == 403
    assert nudges == []


@pytest.mark.parametrize("state", ["off", "done", "failed"])
def test_a_day_is_done_again_where_staff_ask_for_it(
    desk, job, ran, nudges, state, django_capture_on_commit_callbacks
):
    run = run_of(job, state=state)

    with django_capture_on_commit_callbacks(execute=True):
        desk.post(DAYS, {"action": "again", "_selected_action": run.pk})
    ticking.tick(clock.now())

    assert len(nudges) == 1
    assert ran == [DAY]
    assert JobRun.objects.get().state == "done"


def test_a_day_of_a_job_that_is_off_or_long_ago_is_not_done_again(desk, job, ran, nudges):
    old = run_of(job, DAY - timedelta(days=40))
    Job.objects.create(pk="off", at=time(3), active=False)
    off = run_of(Job.objects.get(pk="off"), state="off")

    asked = {"action": "again", "_selected_action": [old.pk, off.pk]}
    said = desk.post(DAYS, asked, follow=True).content.decode()

    assert "is too long ago" in said
    assert "switch it on first" in said
    assert nudges == []
    assert {run.state for run in JobRun.objects.all()} == {"done", "off"}


def test_to_do_a_day_again_takes_the_permission_to_change_the_job(client, job, nudges):
    run = run_of(job, state="off")

    staff(client, "view_job", "view_jobrun").post(DAYS, {"action": "again", "_selected_action": run.pk})

    run.refresh_from_db()
    assert run.state == "off"


def test_the_list_takes_as_many_queries_for_many_jobs(desk, job, django_assert_max_num_queries):
    for number in range(6):
        run_of(Job.objects.create(pk=f"job-{number}", at=time(3)), state="done")

    with django_assert_max_num_queries(25):
        page(desk)
