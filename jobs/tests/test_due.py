"""When a job is due next, and which days wait for it."""

from datetime import time, timedelta

import pytest

from jobs import ticking
from jobs.due import next_due, waiting_days
from jobs.models import Job, JobRun
from jobs.tests.conftest import DAY, at

pytestmark = pytest.mark.django_db
NEXT = DAY + timedelta(days=1)


@pytest.fixture
def job(ran):
    return Job.objects.create(pk="nightly", at=time(21))


def test_before_its_time_it_is_due_today(job):
    assert next_due(job, at(DAY, "20:00")) == at(DAY, "21:00")


def test_after_it_is_done_it_is_due_tomorrow_by_the_time_of_then(job):
    ticking.tick(at(DAY, "21:00"))
    job.at = time(18)

    assert next_due(job, at(DAY, "21:05")) == at(NEXT, "18:00")


def test_what_was_missed_is_due_since_then(job):
    ticking.tick(at(DAY, "21:00"))

    assert next_due(job, at(NEXT + timedelta(days=1), "09:00")) == at(NEXT, "21:00")


def test_a_job_that_is_off_is_not_due(job):
    job.active = False

    assert next_due(job, at(DAY, "20:00")) is None


def test_a_day_waits_until_it_is_over(job):
    seen = [waiting_days("nightly", at(DAY, "20:00"))]
    ticking.tick(at(DAY, "21:00"))
    seen.append(waiting_days("nightly", at(DAY, "21:00")))

    assert seen == [{DAY}, set()]


def test_a_day_that_failed_waits_and_one_before_the_first_does_not(job):
    JobRun.objects.create(job=job, day=DAY, state="failed", started_at=at(DAY, "21:00"))

    assert waiting_days("nightly", at(NEXT, "05:00")) == {DAY, NEXT}
