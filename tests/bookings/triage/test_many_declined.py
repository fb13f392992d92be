"""Declining many requests: what each kind of receiver will read comes first, and then exactly that is sent."""

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.statuses import Channel, Status
from outbox.models import Message
from tests.support.factories import ClaimFactory
from tests.support.many import do, done, ticks
from tests.support.markup import Markup

pytestmark = pytest.mark.django_db

ANSWERS = {"reason": "no_officers", "alternatives": ["other_time", "streetsafe"], "words": "Try a weekday."}
ADDRESS = reverse("triage:decline_many")


@pytest.fixture
def make(southwark, inspector):
    def make(**fields):
        fields = {f"booking__{name}": value for name, value in fields.items()}
        return ClaimFactory(booking__borough=southwark, officer=inspector, **fields).booking

    return make


@pytest.fixture
def of_every_kind(make):
    return {
        "by email, with everything": make(),
        "by email, without her name": make(confirmed_at=None),
        "by discreet email": make(channel=Channel.DISCREET),
        "only on her page": make(contact__messages_stopped_at=timezone.now()),
    }


def look(client, *bookings, **answers):
    return client.post(ADDRESS, {"ticked": ticks(*bookings), "save": "look", **ANSWERS, **answers})


def test_words_of_each_kind_of_receiver_are_shown_and_nothing_is_sent(as_inspector, make, of_every_kind):
    page = look(as_inspector, *of_every_kind.values(), make(channel=Channel.NONE))

    words = {kind.who: kind for kind in page.context["words"]}
    assert [sum(who.startswith(start) for who in words) for start in of_every_kind] == [1] * 4
    assert {kind.number for kind in words.values()} == {1, 2}
    for kind in words.values():
        assert "no officers are free at the times you chose" in kind.text
        assert "Ask again for another day or time" in kind.text
        assert "Try a weekday." in kind.text
    assert not Message.objects.exists()
    assert not Booking.objects.filter(status=Status.DECLINED).exists()


def test_words_are_those_of_the_message_and_name_nobody(as_inspector, make, of_every_kind):
    page = look(as_inspector, *of_every_kind.values())
    do(as_inspector, "triage:decline_many", of_every_kind["by email, without her name"], **ANSWERS)

    message, shown = Message.objects.get(), page.context["words"]
    text = next(kind.text for kind in shown if kind.who.startswith("by email, without"))
    sentences = [line for line in text.splitlines() if line and "her-own-link" not in line and "reference" not in line]
    assert [line for line in sentences if line not in message.text] == []
    assert len(sentences) > 10
    assert not [kind for kind in shown if "Maya" in kind.text]


def test_what_was_shown_is_what_is_sent(as_inspector, make):
    booking = make()
    page = look(as_inspector, booking)
    fields = {}
    for tag in Markup(page.text).all("input"):
        if tag.attrs.get("type") == "hidden" and tag.attrs["name"] != "csrfmiddlewaretoken":
            fields.setdefault(tag.attrs["name"], []).append(tag.attrs["value"])

    summary = as_inspector.post(ADDRESS, {**fields, "save": "yes"})

    booking.refresh_from_db()
    assert done(summary) == {booking.pk}
    assert (booking.status, booking.alternatives) == (Status.DECLINED, "other_time streetsafe")
    assert "Try a weekday." in Message.objects.get().text


@pytest.mark.parametrize("sent", [{"save": ""}, {"save": "look"}, {"change": "yes"}])
def test_every_other_press_leads_to_the_words_first(sent, as_inspector, make):
    booking = make()

    page = as_inspector.post(ADDRESS, {"ticked": ticks(booking), **ANSWERS, **sent})

    booking.refresh_from_db()
    assert page.status_code == 200
    assert booking.status == Status.WAITING
    assert "Try a weekday." in page.text
    assert 'name="save" value="look"' in page.text or page.context["words"]


def test_summary_says_whom_to_ring_because_we_do_not_write(as_inspector, make):
    summary = do(as_inspector, "triage:decline_many", make(channel=Channel.NONE), **ANSWERS)

    assert "She has no email from us: she reads it on her page. Ring her if she allows it." in summary.text
