from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.parser import text_string_to_metric_families

from outbox import health
from outbox.models import Heartbeat, JobRun, Message
from outbox.statuses import State
from outbox.tasks import run_job
from tests.support.message_sending import UNREACHABLE_REDIS
from walkandtalk.monitoring.metrics import all_metrics


@pytest.mark.django_db
def test_readiness_of_a_quiet_system(broker):
    broker(None)

    readiness = health.readiness()

    assert readiness == {
        "database": True,
        "restored": False,
        "broker": None,
        "worker_age": None,
        "loop_age": None,
        "oldest_unsent_age": None,
    }


@pytest.mark.django_db
def test_readiness_has_ages(queue):
    now = timezone.now()
    Heartbeat.objects.create(name="worker", at=now - timedelta(seconds=40))
    health.record_heartbeat("loop")
    old, sent, _later = queue(), queue(), queue(send_after=now + timedelta(hours=1))
    Message.objects.filter(pk=old.pk).update(created_at=now - timedelta(seconds=100))
    Message.objects.filter(pk=sent.pk).update(created_at=now - timedelta(seconds=500), state=State.SENT, sent_at=now)

    readiness = health.readiness()

    assert readiness["worker_age"] == pytest.approx(40, abs=2)
    assert readiness["loop_age"] == pytest.approx(0, abs=2)
    assert readiness["oldest_unsent_age"] == pytest.approx(100, abs=2)


@pytest.mark.django_db
def test_readiness_counts_age_from_send_after(queue):
    reminder = queue(send_after=timezone.now() - timedelta(seconds=30))
    Message.objects.filter(pk=reminder.pk).update(created_at=timezone.now() - timedelta(days=1))

    assert health.readiness()["oldest_unsent_age"] == pytest.approx(30, abs=2)


@pytest.mark.django_db
def test_readiness_reports_that_the_broker_is_down(broker):
    broker(UNREACHABLE_REDIS)

    assert health.readiness()["broker"] is False


@pytest.mark.django_db
def test_readiness_reports_a_working_broker(broker):
    broker("memory://")

    assert health.readiness()["broker"] is True


@pytest.mark.django_db(transaction=True)
def test_readiness_reports_that_the_database_is_down(monkeypatch):
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nobody-there")

    assert health.readiness()["database"] is False


@pytest.fixture
def scrape(client, settings):
    settings.METRICS_TOKEN = "a long token"

    def scrape(token="a long token"):
        return client.get("/metrics", headers={"authorization": f"Bearer {token}"})

    return scrape


@pytest.mark.django_db
def test_metrics_count_unsent_and_failed_messages(scrape, queue, broker):
    broker(None)
    queue(), queue(send_after=timezone.now() + timedelta(hours=1))
    Message.objects.filter(pk=queue().pk).update(state=State.FAILED)
    Message.objects.filter(pk=queue().pk).update(state=State.BOUNCED, resolved_at=timezone.now())
    Heartbeat.objects.create(name="loop", at=timezone.now())

    response = scrape()

    assert response.headers["Content-Type"] == CONTENT_TYPE_PLAIN_0_0_4
    samples = [sample for family in text_string_to_metric_families(response.text) for sample in family.samples]
    metrics = {(sample.name, *sample.labels.values()): sample.value for sample in samples}
    assert 0 <= metrics.pop(("outbox_loop_age",)) < 60
    assert 0 <= metrics.pop(("outbox_oldest_unsent_age",)) < 60
    assert {key: value for key, value in metrics.items() if key[0].startswith("outbox_")} == {
        ("outbox_database",): 1,
        ("outbox_restored",): 0,
        ("outbox_messages", "pending"): 1,
        ("outbox_messages", "sending"): 0,
        ("outbox_messages", "retry"): 0,
        ("outbox_messages", "failed"): 1,
        ("outbox_messages", "bounced"): 0,
        ("outbox_messages", "expired"): 0,
        ("outbox_messages", "review"): 0,
        ("outbox_tries_in_the_last_10_minutes",): 0,
    }


@pytest.mark.django_db(transaction=True)
def test_metrics_report_that_the_database_is_down(monkeypatch, broker):
    broker(None)
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nobody-there")

    lines = [line for line in all_metrics().decode().splitlines() if line.startswith(("outbox_", "walkandtalk_"))]

    assert lines[0] == "outbox_database 0.0"
    assert [line for line in lines[1:] if not line.startswith(("walkandtalk_request", "walkandtalk_database_"))] == []


@pytest.mark.django_db
def test_metrics_have_no_personal_data(scrape, queue):
    queue(recipient="canary@example.com", subject="canary")

    assert "canary" not in scrape().text


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["", "guessed"])
def test_metrics_are_not_found_without_the_token(scrape, token):
    assert scrape(token).status_code == 404


@pytest.mark.django_db
def test_metrics_are_at_any_address_of_a_web_process_with_the_token_alone(client, settings, scrape):
    host = {"host": "web-1.internal:8000"}

    assert client.get("/metrics", headers=host | {"authorization": "Bearer a long token"}).status_code == 200
    assert client.get("/metrics", headers=host | {"authorization": "Bearer guessed"}).status_code == 400
    assert client.get("/readyz", headers=host | {"authorization": "Bearer a long token"}).status_code == 400


@pytest.mark.django_db
def test_empty_token_opens_nothing(client, settings):
    settings.METRICS_TOKEN = ""

    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


JOB = "bookings.scheduling.jobs.expire_offers"


def of_jobs(name, job=JOB):
    families = {family.name: family for family in health.JobsCollector().collect()}
    return [sample.value for sample in families[name].samples if sample.labels == {"name": job}]


@pytest.mark.django_db
def test_metrics_have_the_age_of_each_jobs_last_success():
    before = of_jobs("walkandtalk_job_success_age_seconds")
    run_job(JOB)
    JobRun.objects.filter(pk=JOB).update(succeeded_at=timezone.now() - timedelta(seconds=90))

    assert before == []
    assert of_jobs("walkandtalk_job_success_age_seconds") == [pytest.approx(90, abs=2)]
    assert of_jobs("walkandtalk_job_interval_seconds") == [60]
    assert of_jobs("walkandtalk_job_failures") == [0]


@pytest.mark.django_db
def test_metrics_count_the_failures_of_a_job(settings):
    settings.JOBS = {"operator.neg": 60}  # fails, because a time has no negative
    for _ in range(2):
        with pytest.raises(TypeError):
            run_job("operator.neg")

    assert of_jobs("walkandtalk_job_failures", "operator.neg") == [2]
    assert of_jobs("walkandtalk_job_success_age_seconds", "operator.neg") == []


@pytest.mark.django_db
def test_recording_a_success_costs_one_query(django_assert_num_queries):
    with health.record_job(JOB):
        pass

    with django_assert_num_queries(1), health.record_job(JOB):
        pass
