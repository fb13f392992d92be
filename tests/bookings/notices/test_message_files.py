"""One message, one file: every kind has its forms, and nothing that anybody typed is more than text in any of them."""

import re
from functools import cache
from html import escape

import pytest
from django.conf import settings
from django.utils import translation

from bookings.notices.compose import render
from bookings.notices.message_files import DISCREET, kinds, read_form
from bookings.notices.walk_card import CardLine, CardSection, WalkCard
from bookings.statuses import Channel
from tests.support.factories import scheduled_booking
from tests.support.hostile_markdown import HOSTILE
from tests.support.sample_messages import KINDS_TO_REQUESTER, write_to_requester
from walkandtalk.lib.plain_text import one_line

TO_STAFF = ("officer_", "team_")
SOURCES = {path.stem: path.read_text() for path in (settings.BASE_DIR / "templates").glob("**/emails/**/*.md")}
PAGE = "https://walk.example.com/my-walk/token/"
LINKS = {
    *("page", "link", "answer", "change", "seen", "submit_report"),
    *("ask_again", "unhappy", "staff_page", "url"),
}
LISTS = {"offers", "changes", "alternatives", "preferred_times"}
ROWS = {"walks", "concerns", "counts"}
NUMBERS = {"left": 1, "least": 2}


@cache
def names_in(kind):
    """Every name that a message of this kind, or a part that it may include, shows, asks about or goes through."""
    read = [SOURCES[kind], *(source for name, source in SOURCES.items() if name not in kinds())]
    tags = re.findall(r"{[{%](.*?)[%}]}", "".join(read))
    return set(re.findall(r"[a-z_]+", " ".join(re.sub(r'"[^"]*"', "", tag) for tag in tags)))


def values(kind, typed):
    """Say this wherever a message of this kind says something that is not ours."""
    named = {name: PAGE if name in LINKS else typed for name in names_in(kind)}
    lists = {name: [typed, typed] for name in LISTS} | {name: [named, named] for name in ROWS}
    lines = [
        CardLine("meet", typed, typed),
        CardLine("phrase", typed, typed),
        CardLine("map", typed, typed, PAGE, "Go"),
    ]
    card = WalkCard(changes=(typed,), sections=(CardSection("walk", "Walk", tuple(lines)),))
    everything = named | lists | NUMBERS | {"card": card}
    return {name: value for name, value in everything.items() if name in named}


@pytest.mark.parametrize("channel", [Channel.FULL, Channel.DISCREET])
def test_every_kind_says_its_subject_and_its_preview_in_each_form(channel):
    for kind in kinds(channel):
        form = read_form(kind, values(kind, "Maya"), channel)
        assert all((form.subject, form.preview, form.body.strip())), kind
        assert len(form.preview) <= 90, kind


def test_every_kind_to_her_has_a_discreet_form_and_none_to_the_staff_has():
    to_requester = [kind for kind in kinds() if not kind.startswith(TO_STAFF)]

    # What she has just done herself is not written to her discreetly.
    assert sorted({*to_requester} - {*kinds(Channel.DISCREET)}) == ["booking_times_changed"]
    assert {*kinds(Channel.DISCREET)} <= {*to_requester}


def test_kind_without_a_discreet_form_is_not_sent_in_full_instead():
    with pytest.raises(ValueError, match="no discreet form"):
        render("team_new_request", values("team_new_request", "Maya"), Channel.DISCREET)


def test_every_kind_has_a_name_of_its_own():
    files = list((settings.BASE_DIR / "templates").glob("**/emails/*.md"))

    assert len(files) == len(kinds()) > 40


@pytest.mark.parametrize("kind", kinds())
def test_whatever_is_typed_comes_out_as_text(kind):
    """It is the message of somebody with a plain name, with that name replaced by what was typed."""
    plain = render(kind, values(kind, "Zebra"))
    for typed in HOSTILE:
        line = one_line(typed)

        hostile = render(kind, values(kind, typed))

        assert hostile["subject"] == plain["subject"].replace("Zebra", line)
        assert hostile["text"] == plain["text"].replace("Zebra", line)
        assert hostile["html"] == plain["html"].replace("Zebra", escape(line, quote=False))


@pytest.mark.parametrize("kind", kinds(Channel.DISCREET))
def test_discreet_form_is_the_same_whatever_is_typed(kind):
    plain, hostile = (render(kind, values(kind, typed), Channel.DISCREET) for typed in ("Zebra", "\n".join(HOSTILE)))

    assert "Zebra" not in plain["subject"] + plain["text"] + plain["html"]
    assert hostile == plain


def test_every_kind_shows_something_that_is_typed():
    """Otherwise the tests above would prove nothing."""
    silent = [kind for kind in kinds() if "Zebra" not in render(kind, values(kind, "Zebra"))["text"]]

    assert silent == []


@pytest.mark.parametrize("kind", KINDS_TO_REQUESTER)
def test_message_is_written_in_her_language(kind, welsh, officer, second_officer):
    booking = scheduled_booking([officer, second_officer])
    booking.contact.language = welsh

    message = write_to_requester(kind, booking)

    assert '<html lang="cy"' in message.html
    assert translation.get_language() == "en-gb"


def test_marker_of_the_discreet_form_is_in_no_part():
    assert [name for name, source in SOURCES.items() if DISCREET in source and name not in kinds()] == []
