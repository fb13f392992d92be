"""A place reaches a partner's server once, whatever dies on the way."""

import datetime
import uuid

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from partners.actions import cancel_open311_request, queue_open311_request
from partners.jobs import delete_old_open311_requests, send_open311_requests
from partners.models.open311 import Open311Request
from partners.open311 import delivery
from partners.statuses import RequestStatus as Status
from tests.support.concurrency import run_concurrently
from tests.support.partners import REPORT, make_partner, queue
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.rows import save_changes

pytestmark = pytest.mark.django_db

LATER = datetime.timedelta(hours=1)


def send(request, *, after=datetime.timedelta()):
    with time_machine.travel(timezone.now() + after, tick=True):
        send_open311_requests(timezone.now())
    request.refresh_from_db()
    return request


def test_request_is_sent_with_all_that_the_partner_needs(server, partner):
    request = send(queue(partner))

    assert server.posted == [
        {
            "path": "/v2/requests.json",
            "service_code": "STREETLIGHT",
            "lat": "51.470040",
            "long": "-0.069440",
            "description": "Lamps out. Path by the station\n\nOur reference: WT-7K2M",
            "jurisdiction_id": "example.org",
            "api_key": "the-key",
            "attribute[LAMP]": "14",
        }
    ]
    assert (request.status, request.service_request_id, request.remote_status) == (Status.SENT, "1", "open")
    assert list(Open311Request.objects.with_news()) == [request]


def test_api_key_is_in_no_address(server, partner):
    server.behave("POST", "die")
    request = send(queue(partner))

    send(request, after=LATER)

    assert len(server.asked) == 1
    assert "the-key" not in server.asked[0]


def test_same_reference_makes_one_row(server, partner):
    first, second = queue(partner), queue(partner)

    send(first)

    assert first == second
    assert len(server.posted) == 1


def test_attempt_is_saved_before_the_connection_opens(server, partner, monkeypatch):
    request = queue(partner)

    def look(_request):
        found = Open311Request.objects.get(pk=request.pk)
        seen.append((found.status, found.attempts, found.lease_token is not None))
        raise delivery.NotSent

    seen = []
    monkeypatch.setattr(delivery.client, "create", look)
    send(request)

    assert seen == [(Status.SENDING, 1, True)]
    assert request.status == Status.WAITING


@pytest.mark.parametrize("behaviour", ["die", "fail", "huge", "html", "redirect", "empty"])
def test_server_that_took_it_without_an_answer_is_asked_and_gets_it_once(behaviour, server, partner):
    server.behave("POST", behaviour)
    request = send(queue(partner))
    assert (request.status, request.may_have_arrived) == (Status.WAITING, True)

    send(request, after=LATER)

    assert (request.status, request.service_request_id, len(server.posted)) == (Status.SENT, "1", 1)


def test_request_of_a_sender_that_died_is_asked_about_first(server, partner):
    request = queue(partner)
    delivery.claim()
    server.posted.append({"description": "Our reference: WT-7K2M"})

    send(request)
    assert server.asked == []
    send(request, after=LATER)

    assert (request.status, len(server.posted)) == (Status.SENT, 1)


def test_look_up_finds_the_whole_reference_alone(server, partner):
    server.behave("POST", "die")
    request = send(queue(partner, reference="WT-7K2"))
    server.posted[:] = [{"description": "Our reference: WT-7K2M"}, {"description": "Our reference: X-WT-7K2"}]

    send(request, after=LATER)

    assert (request.service_request_id, len(server.posted)) == ("3", 3)


@pytest.mark.parametrize("behaviour", ["die", "fail", "forbid", "huge"])
def test_nothing_is_posted_while_the_server_can_not_be_asked(behaviour, server, partner):
    server.behave("POST", "die")
    server.behave("GET", behaviour)
    request = send(queue(partner))

    send(request, after=LATER)

    assert (request.status, len(server.posted)) == (Status.WAITING, 1)
    send(request, after=5 * LATER)
    assert (request.status, len(server.posted)) == (Status.SENT, 1)


def test_server_that_keeps_no_list_gets_it_again(server, partner):
    server.behave("POST", "die")
    server.behave("GET", "no_list")
    request = send(queue(partner))

    send(request, after=LATER)

    assert (request.status, len(server.posted)) == (Status.SENT, 2)


@pytest.mark.parametrize(("behaviour", "status"), [("refuse", "failed"), ("forbid", "waiting"), ("busy", "waiting")])
def test_refusal_is_final_unless_it_may_end(behaviour, status, server, partner):
    server.behave("POST", behaviour)

    request = send(queue(partner))

    assert (request.status, request.may_have_arrived) == (status, False)
    assert list(Open311Request.objects.with_news()) == ([request] if status == "failed" else [])


def test_attempts_become_rarer_and_end_after_a_week(server, partner):
    save_changes(partner, endpoint="http://127.0.0.1:1")
    request, waits = queue(partner), []
    now = timezone.now()
    while request.status == Status.WAITING:
        with time_machine.travel(now, tick=False):
            send_open311_requests(now)
        request.refresh_from_db()
        waits.append(request.next_at - now)
        now = request.next_at

    assert request.status == Status.FAILED
    assert 20 < len(waits) < 60
    assert waits[0] < datetime.timedelta(minutes=2) < datetime.timedelta(hours=4) < waits[-1]


def test_failed_connection_is_not_asked_about(server, partner):
    url, server_down = partner.endpoint, "http://127.0.0.1:1"
    save_changes(partner, endpoint=server_down)
    request = send(queue(partner))
    save_changes(partner, endpoint=url)

    send(request, after=LATER)

    assert (request.status, server.asked) == (Status.SENT, [])


def test_partner_out_of_use_gets_nothing(server, partner):
    request = queue(partner)
    save_changes(partner, is_active=False)

    send(request)

    assert (request.status, server.posted) == (Status.FAILED, [])


def test_sender_that_lost_its_lease_sends_and_records_nothing(server, partner, monkeypatch):
    request = queue(partner)

    def lose(claimed, now):
        Open311Request.objects.filter(pk=claimed.pk).update(lease_token=uuid.uuid4())

    monkeypatch.setattr(delivery.client, "find", lose)
    save_changes(request, may_have_arrived=True)
    send(request)

    assert (request.status, server.posted) == (Status.SENDING, [])


def test_outcome_of_a_sender_that_lost_its_lease_changes_nothing(server, partner):
    request = queue(partner)
    late = delivery.claim()
    Open311Request.objects.filter(pk=request.pk).update(lease_token=uuid.uuid4())

    delivery._record(late, delivery.Outcome(is_final=True))

    request.refresh_from_db()
    assert (request.status, request.news_at) == (Status.SENDING, None)


def save_and_fail(partner):
    with transaction.atomic():
        queue_open311_request(partner, REPORT, reference="WT-1")
        raise IntegrityError


def test_request_is_saved_with_its_event_or_not_at_all(server, partner):
    with pytest.raises(IntegrityError):
        save_and_fail(partner)

    assert not Open311Request.objects.exists()


@pytest.mark.parametrize(
    "fields", [{"is_active": False}, {"endpoint": "", "services": {}}, {"services": {"cctv": "C"}}]
)
def test_partner_that_does_not_take_a_kind_is_refused(fields, server, partner):
    save_changes(partner, **fields)

    with pytest.raises(ActionError, match="doesn’t take reports of this kind"):
        queue(partner)


def test_details_are_not_readable_in_the_database(server, partner):
    request = queue(partner)

    row = Open311Request.objects.filter(pk=request.pk).values().get()

    assert not any(word in str(row) for word in ("station", "51.47", "the-key"))


def test_logs_name_no_place_and_no_key(server, partner, caplog):
    server.behave("POST", "die", "refuse")
    request = send(queue(partner))

    server.posted.clear()
    send(request, after=LATER)

    assert str(request.pk) in caplog.text
    assert not any(word in caplog.text for word in ("station", "51.47", "the-key", "WT-7K2M"))


def test_cancelled_request_is_not_sent(server, partner):
    request = queue(partner)
    cancel_open311_request(request)

    send(request, after=LATER)

    assert (server.posted, request.status, request.attempts) == ([], Status.WAITING, 0)


def test_request_cancelled_while_it_is_sent_is_not_tried_again(server, partner):
    request = queue(partner)
    save_changes(request, status=Status.SENDING, lease_token=uuid.uuid4(), lease_until=timezone.now())
    cancel_open311_request(request)

    send(request, after=LATER)

    assert (server.posted, server.asked) == ([], [])


def test_request_cancelled_just_before_the_connection_opens_is_not_sent(server, partner, monkeypatch):
    request = queue(partner)
    renew = delivery._renew_lease
    monkeypatch.setattr(delivery, "_renew_lease", lambda sent: (cancel_open311_request(sent), renew(sent)))

    send(request)

    assert server.posted == []


def test_request_in_the_partners_system_can_not_be_cancelled(server, partner):
    request = send(queue(partner))

    cancel_open311_request(request)

    request.refresh_from_db()
    assert (request.status, request.cancelled_at) == (Status.SENT, None)


def test_old_requests_are_deleted(server, partner, settings):
    settings.KEEP_CONCERNS_YEARS = 1
    old, new = queue(partner, "WT-1"), queue(partner, "WT-2")
    save_changes(old, created_at=timezone.now() - datetime.timedelta(days=370))

    delete_old_open311_requests(timezone.now())

    assert list(Open311Request.objects.all()) == [new]


def test_other_partners_requests_go_on_while_one_is_refused(server, partner):
    down = make_partner("Down", endpoint="http://127.0.0.1:1", services={"lighting": "L"})
    first, second = queue(down, "WT-1"), queue(partner, "WT-2")

    send(first)
    second.refresh_from_db()

    assert (first.status, second.status) == (Status.WAITING, Status.SENT)


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_it_once(server, partner):
    queue(partner)

    run_concurrently(*[lambda: send_open311_requests(timezone.now())] * 4)

    assert len(server.posted) == 1
    assert Open311Request.objects.get().attempts == 1
