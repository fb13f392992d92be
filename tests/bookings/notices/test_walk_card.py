import dataclasses
import datetime
from html import unescape

import pytest
from django.template.loader import render_to_string
from icalendar import Calendar

from bookings.events import record
from bookings.notices.calendar_entry import calendar_file
from bookings.notices.emails import send_booking_changed
from bookings.notices.threads import requester_thread
from bookings.notices.walk_card import WalkCard, render_walk_card, when_in_words
from bookings.statuses import Channel, EventKind
from outbox.models import Message
from tests.support.decisions import change_now
from tests.support.factories import WalkFactory, confirmed_adjustments, scheduled_booking
from tests.support.page_text import page_text
from tests.support.requester_pages import create_page_link
from walkandtalk.lib import london

# docs/rules.md#the-walk-card, in its order.
LINES = [
    "when", "meet", "map", "finish", "officers", "also_coming", "needs",
    "seen",
    "phrase", "check", "check_by_text", "danger",
    "nobody", "nobody_by_text", "page",
    "cancel", "change", "contact", "contact_by_text", "reference",
    "must_act", "privacy", "complain",
]  # fmt: skip
CHANGES = ["The walk now starts at 6:30pm.", "The meeting place is now the flower stall."]


@pytest.fixture
def booking(southwark, officer, second_officer):
    """A booking that fills every line of the walk card."""
    team = [officer, second_officer]
    walk = WalkFactory(bcu=southwark.bcu, officers=team, map_coordinates=[51.47004, -0.06944])
    return scheduled_booking(team, borough=southwark, walk=walk)


@pytest.fixture
def changed(booking):
    """The same booking after a change to its walk, of which the requester was told."""
    event = record(EventKind.CHANGED, booking=booking, note="\n".join(CHANGES))
    send_booking_changed(booking, event, changes=CHANGES)
    return booking


def get_text(card):
    return render_walk_card(card)


def get_html(card):
    return render_to_string("bookings/notices/walk_card.html", {"card": card})


def build_walk(bcu, day, time, **fields):
    return WalkFactory(bcu=bcu, start_at=london.to_instant(day, time), **fields)


def test_walk_card_has_every_line_in_order(booking):
    card = WalkCard.of(booking, token="token")

    assert [line.name for line in card.lines()] == LINES
    assert [section.name for section in card.sections] == ["walk", "seen", "check", "nobody", "contact", "rights"]


def test_walk_card_says_when_where_who_and_how(booking):
    lines = WalkCard.of(booking, token="token").lines()
    texts = {line.name: line.text for line in lines}

    day = london.long_date(booking.walk.start_at)
    assert texts["when"] == f"{day}, 6:30pm to 7:30pm (60 minutes), London time"
    assert texts["meet"] == "Peckham Rye station, by the flower stall"
    assert texts["finish"] == "Back at the start"
    assert texts["officers"] == (
        "PC Olive Officer, 11AS (Central South neighbourhood policing team); "
        "PC Petra Partner, 12AS (Central South neighbourhood policing team). They’ll be in uniform."
    )
    assert texts["needs"] == "Step-free route: Walked by Sergeant Stone"
    assert texts["phrase"] == "An officer will say or show “green lantern”. You reply “silver river”."
    assert next(line.url_text for line in lines if line.name == "nobody") == "020 7946 0101"
    assert texts["contact"] == "Central South neighbourhood policing team, 020 7946 0101, every day, 7am to 11pm"
    assert texts["reference"] == booking.spoken_reference


def test_walk_card_links_to_the_requesters_page(booking, settings):
    address = {line.name: line.url for line in WalkCard.of(booking, token="token").lines() if line.url}

    assert address == {
        "map": f"{settings.PUBLIC_URL}/my-walk/token/map/",
        "nobody": "tel:02079460101",
        "page": f"{settings.PUBLIC_URL}/my-walk/token/",
        "cancel": f"{settings.PUBLIC_URL}/my-walk/token/cancel/",
        "change": f"{settings.PUBLIC_URL}/my-walk/token/change/",
        "seen": f"{settings.PUBLIC_URL}/my-walk/token/#seen",
        "privacy": f"{settings.PUBLIC_URL}/privacy/",
    }


def test_walk_card_of_a_discreet_booking_stays_on_the_neutral_host(booking, settings):
    booking.channel = Channel.DISCREET

    card = WalkCard.of(booking, token="token")

    assert {line.name: line.url for line in card.lines() if line.url} == {
        "nobody": "tel:02079460101",
        "map": f"{settings.DISCREET_URL}/r/token/map/",
        "page": f"{settings.DISCREET_URL}/r/token/",
        "cancel": f"{settings.DISCREET_URL}/r/token/cancel/",
        "change": f"{settings.DISCREET_URL}/r/token/change/",
        "seen": f"{settings.DISCREET_URL}/r/token/#seen",
    }
    assert settings.PUBLIC_URL not in get_text(card) + get_html(card)


@pytest.mark.parametrize("channel", ["text", "email html", "calendar"])
def test_every_channel_has_every_line_of_the_walk_card(channel, changed):
    message = Message.objects.in_thread(requester_thread(changed)).get()
    card = WalkCard.of(changed)
    entry = Calendar.from_ical(calendar_file(changed)).events[0]
    shown_text = {
        "text": message.text,
        "email html": unescape(message.html),
        "calendar": str(entry["description"]),
    }[channel]
    expected = [*card.changes, *(text for line in card.lines() for text in (line.label, line.text))]

    assert [text for text in expected if text not in shown_text] == []


def test_page_has_every_line_of_the_walk_card(client, changed):
    page = create_page_link(changed)
    html = client.get(page).text
    card = WalkCard.of(changed)
    # The buttons of the page are these lines.
    buttons = {"seen": f"{page}seen/", "cancel": f"{page}cancel/", "change": f"{page}change/"}
    lines = [line for line in card.lines() if line.name not in buttons]
    expected = [*card.changes, *(part for line in lines for part in page_parts(line))]

    assert [line.name for line in card.lines() if line.name not in {line.name for line in lines}] == [*buttons]
    assert [part for part in expected if part not in page_text(html)] == []
    assert [address for address in buttons.values() if f'"{address}"' not in html] == []


def page_parts(line):
    """Return what the page shows of a line: its parts, if it has some, or its text."""
    if line.name == "page":  # she is there already
        return ["From the start of your walk there’s a button here: “Nobody came”."]
    parts = [*line.main, line.note] if line.main and line.name != "phrase" else [line.text]
    return [line.label, *parts]


def test_walk_card_begins_with_the_changes(changed):
    card = WalkCard.of(changed)

    assert card.changes == tuple(CHANGES)
    assert get_text(card).splitlines()[:3] == ["WHAT CHANGED", f"- {CHANGES[0]}", f"- {CHANGES[1]}"]
    assert get_html(card).index("flower stall.</p>") < get_html(card).index("<dl ")


def test_new_walk_card_still_shows_the_changes(booking, inspector, officer, second_officer, plan):
    plan = dataclasses.replace(plan, start_at=booking.walk.start_at, minutes=30)
    change_now(
        booking.walk, inspector, plan=plan, officers=[officer, second_officer], arranged=confirmed_adjustments(booking)
    )

    assert WalkCard.of(booking).changes == ("The walk now lasts 30 minutes.",)


def test_walk_card_without_changes_does_not_mention_any(booking):
    card = WalkCard.of(booking)

    assert card.changes == ()
    assert "changed" not in get_text(card).lower()
    assert "changed" not in get_html(card).lower()


def test_walk_card_leaves_out_empty_lines(booking):
    booking.contact.needs, booking.contact.needs_details = [], ""
    booking.walk.map_coordinates = None

    card = WalkCard.of(booking)

    assert [line.name for line in card.lines()] == [name for name in LINES if name not in ("needs", "map")]
    assert "You asked for" not in get_text(card)
    assert "Map:" not in get_text(card)


def test_walk_card_spells_out_the_map_address(booking, settings):
    card = WalkCard.of(booking, token="token")

    assert f"Map: The meeting place on our own map: {settings.PUBLIC_URL}/my-walk/token/map/\n" in get_text(card)
    assert f'href="{settings.PUBLIC_URL}/my-walk/token/map/">Look at the map</a>' in get_html(card)


def test_walk_card_names_nobody_before_confirmation(booking):
    booking.confirmed_at = None

    card_text = get_text(WalkCard.of(booking))

    hidden = ["Olive Officer", "11AS", "Petra Partner", "12AS", "green lantern", "silver river"]
    assert [text for text in hidden if text in card_text] == []
    assert "Officers: We’ll tell you their names once you’ve confirmed that it was you." in card_text


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\u2028", "\x0b", "\x85"])
def test_typed_line_breaks_cannot_add_a_line_to_the_card(break_, booking):
    booking.walk.meeting_place = f"Station{break_}Finish: behind the shed"
    booking.contact.needs_details = f"A stick{break_}In danger: 0900 123"

    lines = get_text(WalkCard.of(booking)).splitlines()

    assert [line for line in lines if line.startswith("Finish:")] == ["Finish: Back at the start"]
    assert len([line for line in lines if line.startswith("In danger:")]) == 1
    assert "Meet: Station Finish: behind the shed" in lines


@pytest.mark.parametrize("place", ["Gate \u202e999\u202c of the park", "Gate \x1b999 of \x07the park"])
def test_walk_card_drops_control_characters(place, booking):
    booking.walk.meeting_place = place

    assert "Meet: Gate 999 of the park\n" in get_text(WalkCard.of(booking))


def test_walk_card_text_has_no_html_escapes(booking, officer):
    officer.name = "Nóra O'Brien & Co"
    officer.save()

    assert "PC Nóra O'Brien & Co, 11AS" in get_text(WalkCard.of(booking))


def test_walk_card_html_escapes_typed_text(booking):
    booking.walk.meeting_place = booking.walk.finish_place = "<script>alert('x')</script>"

    html = get_html(WalkCard.of(booking))

    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;") == 2


@pytest.mark.parametrize(
    ("day", "time", "minutes", "words"),
    [
        (datetime.date(2027, 6, 1), datetime.time(18, 30), 45, "Tuesday 1 June 2027, 6:30pm to 7:15pm (45 minutes)"),
        (datetime.date(2026, 12, 8), datetime.time(11), 60, "Tuesday 8 December 2026, 11am to midday (60 minutes)"),
        (datetime.date(2026, 12, 8), datetime.time(22), 120, "Tuesday 8 December 2026, 10pm to midnight (120 minutes)"),
        (
            datetime.date(2026, 12, 8),
            datetime.time(22),
            150,
            "Tuesday 8 December 2026, 10pm to 12:30am on Wednesday 9 December 2026 (150 minutes)",
        ),
    ],
)
def test_when_in_words_uses_london_time(day, time, minutes, words, bcu):
    walk = build_walk(bcu, day, time, minutes=minutes)

    assert when_in_words(walk) == f"{words}, London time"


def test_walk_card_needs_a_walk(booking):
    booking.walk = None

    with pytest.raises(ValueError, match="has no walk"):
        WalkCard.of(booking)
