"""A requester writes to professional standards, and nobody else can tell that she did."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.manage.freeze.actions import freeze_booking
from bookings.models.bookings import Booking
from bookings.notices.threads import requester_thread
from bookings.statuses import Status
from feedback.conduct.actions import REPORTS_A_DAY
from outbox.models import Attempt, Message
from tests.support.access_table import names_of_staff_pages
from tests.support.addresses import fingerprint
from tests.support.markup import Markup
from tests.support.world import token_for
from walkandtalk.lib import london

WORDS = "He asked where I live.\n\nI said **no**, twice."
CONTACT = "07700 900321, by text"


def answers(**fields):
    return {"submission": str(uuid.uuid4()), "words": WORDS, "contact": CONTACT} | fields


def test_what_she_writes_goes_to_professional_standards_alone(requester_pages, completed_booking, settings):
    client, address = requester_pages

    response = client.post(address("conduct"), answers(), follow=True)

    message = Message.objects.get()
    walk = completed_booking.walk
    assert response.redirect_chain == [(address("conduct_sent"), 302)]
    assert (message.kind, message.recipient) == ("standards_conduct", settings.CONDUCT_INBOX)
    assert message.subject == "About an officer’s conduct"
    for told in (completed_booking.spoken_reference, walk.bcu.name, london.long_date(walk.start_at), CONTACT):
        assert told in message.text
    assert "He asked where I live." in message.text
    assert "I said **no**, twice." in message.text
    for kept in (completed_booking.contact.name, completed_booking.contact.email):
        assert kept not in message.text
    assert str(completed_booking.pk) not in message.dedupe_key + message.thread


def test_same_page_sent_twice_is_one_message_and_other_words_are_another(requester_pages):
    client, address = requester_pages
    typed = answers()

    for said in (typed, typed, typed | {"words": "And then he laughed."}):
        assert client.post(address("conduct"), said).status_code == 302

    assert Message.objects.count() == 2


def test_words_are_needed_and_kept_when_there_were_too_many(requester_pages):
    client, address = requester_pages

    empty = client.post(address("conduct"), answers(words=" "))
    for _ in range(REPORTS_A_DAY):
        client.post(address("conduct"), answers())
    too_many = client.post(address("conduct"), answers(words="The sixth time"))

    assert "Enter what the officer did or said" in empty.text
    assert (too_many.status_code, Message.objects.count()) == (409, REPORTS_A_DAY)
    assert "We haven’t sent this" in too_many.text
    assert "The sixth time" in too_many.text


def test_without_an_inbox_only_others_are_named_and_nothing_is_taken(requester_pages, settings):
    client, address = requester_pages
    settings.CONDUCT_INBOX = ""

    page, posted = client.get(address("conduct")), client.post(address("conduct"), answers())

    for response in (page, posted):
        assert "We can’t pass this on for you from here" in response.text
        (link,) = [tag.attrs for tag in Markup(response.text).tags if "policeconduct" in tag.attrs.get("href", "")]
        assert link["rel"] == "noreferrer"
        assert "<textarea" not in response.text
    assert not Message.objects.exists()


def test_privacy_page_speaks_of_it_only_if_there_is_an_inbox(client, db, settings):
    offered = client.get("/privacy/").text
    settings.CONDUCT_INBOX = ""

    assert "Tell someone outside the team" in offered
    assert "Tell someone outside the team" not in client.get("/privacy/").text


def test_sent_page_is_shown_once_and_says_nothing_to_whoever_comes_later(requester_pages):
    client, address = requester_pages

    early = client.get(address("conduct_sent"))
    client.post(address("conduct"), answers())
    once, later = client.get(address("conduct_sent")), client.get(address("conduct_sent"))

    assert "We’re sending it now" in once.text
    assert early["Location"] == later["Location"] == address("conduct")


def test_other_pages_of_hers_are_the_same_before_and_after(requester_pages, completed_booking):
    client, address = requester_pages
    pages = [address("submit_report"), address("conduct"), address("about_the_walk")]

    def read():
        return [without_random_values(client.get(page).text) for page in pages]

    before = read()
    client.post(address("conduct"), answers(), follow=True)

    assert read() == before


def without_random_values(html):
    return [line for line in html.splitlines() if "csrfmiddlewaretoken" not in line and 'name="submission"' not in line]


@pytest.mark.parametrize("status", [Status.NOT_MINE, Status.EXPIRED])
def test_conduct_is_not_found_for_a_booking_that_was_not_hers(status, requester_pages, completed_booking):
    client, address = requester_pages
    Booking.objects.filter(pk=completed_booking.pk).update(status=status)

    assert client.post(address("conduct"), answers()).status_code == 404


def test_nothing_is_sent_in_her_name_during_a_freeze(requester_pages, completed_booking):
    """The link may be with whoever she fears, and professional standards would answer them."""
    client, address = requester_pages
    freeze_booking(completed_booking)
    written = Message.objects.count()

    response = client.post(address("conduct"), answers())

    assert "We’ve locked this page" in response.text
    assert "policeconduct.gov.uk" in response.text
    assert Message.objects.count() == written


def test_report_changes_no_row_but_the_message_and_a_hashed_count(world):
    client, before = world.enter("signed_out"), fingerprint()

    world.ask(client, "feedback:conduct", "POST")

    after = fingerprint()
    assert {table for table in after if after[table] != before[table]} == {"outbox_message", "accounts_ratecount"}


CANARY = "Zanzibarian canary"


def pages_of_staff_with(texts, world, who):
    """Return the names of the pages that show one of these texts to this person, and the number of pages read."""
    client = world.enter(who)
    pages = [name for name in names_of_staff_pages() if not name.endswith("sign_out")]
    shown = {name: world.ask(client, name).content for name in pages}
    return {name for name, page in shown.items() if any(text.encode() in page for text in texts)}, len(shown)


def report_that_came_back(world):
    """Send a report about the booking that the staff pages of this world show, and let it bounce."""
    booking = Booking.objects.get(pk=world.path("triage:booking").strip("/").split("/")[-1])
    page = reverse("feedback:conduct", args=[token_for(booking)])
    world.enter("signed_out").post(page, answers(words=CANARY, contact=CANARY))
    message = Message.objects.get(kind="standards_conduct")
    Message.objects.filter(pk=message.pk).update(state="bounced", attempts=1)
    Attempt.objects.create(message=message, number=1, step="bounced", at=timezone.now() - datetime.timedelta(hours=1))
    return booking, message


@pytest.mark.parametrize("who", ["inspector", "on_it", "lead", "administrator", "auditor"])
def test_no_page_of_staff_shows_what_she_wrote_even_if_it_came_back(who, world):
    _booking, message = report_that_came_back(world)

    showing, number = pages_of_staff_with([CANARY, message.subject, message.kind], world, who)

    assert CANARY in message.text
    assert number > 100
    assert showing == set()


def test_pages_of_staff_would_show_a_message_of_her_thread(world):
    """Otherwise the test above would prove nothing."""
    booking, message = report_that_came_back(world)
    Message.objects.filter(pk=message.pk).update(thread=requester_thread(booking))

    page = world.ask(world.enter("inspector"), "triage:booking").text

    assert message.subject in page
