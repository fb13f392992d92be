"""Partners are asked what has become of a place, and feedback takes each piece of news once."""

import datetime

import pytest
from django.utils import timezone

from partners.actions import mark_news_handled
from partners.jobs import poll_open311_requests, send_open311_requests
from partners.models.open311 import Open311Request
from tests.support.partners import queue
from walkandtalk.lib.rows import save_changes

pytestmark = pytest.mark.django_db

NOW = timezone.now()
SIX_HOURS = datetime.timedelta(hours=6)


@pytest.fixture
def sent(server, partner):
    request = queue(partner)
    send_open311_requests(NOW)
    request.refresh_from_db()
    mark_news_handled(request, news_at=request.news_at)
    server.asked.clear()
    return request


def poll(request, now):
    poll_open311_requests(now)
    request.refresh_from_db()
    return request


def test_partner_is_asked_every_six_hours_until_it_is_closed(server, sent):
    poll(sent, NOW)
    poll(sent, NOW + SIX_HOURS - datetime.timedelta(seconds=1))
    assert server.asked == ["/v2/requests/1.json?jurisdiction_id=example.org"]

    server.states["1"] = ("closed", "Lamp replaced")
    poll(sent, NOW + SIX_HOURS)
    poll(sent, NOW + 5 * SIX_HOURS)

    assert (sent.remote_status, sent.remote_notes, len(server.asked)) == ("closed", "Lamp replaced", 2)


def test_a_change_is_news_until_it_is_taken(server, sent):
    poll(sent, NOW + SIX_HOURS)
    assert list(Open311Request.objects.with_news()) == []

    server.states["1"] = ("open", "Crew booked for 3 December")
    poll(sent, NOW + 2 * SIX_HOURS)

    assert [row.remote_notes for row in Open311Request.objects.with_news()] == ["Crew booked for 3 December"]
    mark_news_handled(sent, news_at=sent.news_at)
    assert not Open311Request.objects.with_news().exists()


def test_news_that_came_while_older_news_was_taken_is_not_lost(server, sent):
    server.states["1"] = ("open", "First")
    taken = poll(sent, NOW + SIX_HOURS).news_at
    server.states["1"] = ("closed", "Second")
    poll(sent, NOW + 2 * SIX_HOURS)

    mark_news_handled(sent, news_at=taken)

    assert list(Open311Request.objects.with_news()) == [sent]


@pytest.mark.parametrize("behaviour", ["die", "fail", "refuse", "html", "huge", "empty"])
def test_trouble_changes_nothing_and_waits_its_six_hours(behaviour, server, sent):
    server.behave("GET", behaviour)

    poll(sent, NOW)
    poll(sent, NOW + datetime.timedelta(hours=1))

    assert (sent.remote_status, sent.polled_at, len(server.asked)) == ("open", NOW, 1)


def test_token_leads_to_the_id(server, partner):
    server.gives_tokens = True
    request = queue(partner)
    send_open311_requests(NOW)

    poll(request, NOW)
    assert (request.token, request.service_request_id) == ("T1", "")
    server.ids_of_tokens["T1"], server.states["881"] = "881", ("closed", "Done")
    poll(request, NOW + SIX_HOURS)

    assert (request.service_request_id, request.remote_status) == ("881", "closed")


def test_what_a_partner_writes_stays_one_plain_line(server, sent):
    server.states["1"] = ("open", "Mended\r\n\x1b[31mby\x00 us" + "!" * 5000)

    poll(sent, NOW)

    assert sent.remote_notes == "Mended [31mby us" + "!" * 1984


def test_id_of_a_partner_cannot_lead_to_another_address(server, sent):
    save_changes(sent, service_request_id="../../admin?x=1#")

    poll(sent, NOW)

    assert server.asked == ["/v2/requests/..%2F..%2Fadmin%3Fx%3D1%23.json?jurisdiction_id=example.org"]


def test_partner_out_of_use_is_not_asked(server, sent, partner):
    save_changes(partner, is_active=False)

    poll(sent, NOW)

    assert server.asked == []
