"""Message files: every kind has its forms, and typed text is never markup in any of them."""

import re
from functools import cache
from html import escape

import pytest
from django.conf import settings
from django.utils import translation

from bookings.notices.walk_card import CardLine, CardSection, WalkCard
from outbox.composing.compose import render
from outbox.composing.message_files import DISCREET, kinds, read_form
from tests.support.factories import scheduled_booking
from tests.support.hostile_markdown import HOSTILE
from tests.support.sample_messages import KINDS_TO_REQUESTER, write_to_requester
from walkandtalk.lib.plain_text import one_line

ALWAYS_DISCREET = ["follower_confirm", "follower_update"]
TO_STAFF = ("account_", "auditor_", "officer_", "partner_", "standards_", "team_")
SOURCES = {path.stem: path.read_text() for path in (settings.BASE_DIR / "templates").glob("**/emails/**/*.md")}
PAGE = "https://walk.example.com/my-walk/token/"
LINKS = {
    *("page", "link", "stop", "answer", "change", "seen", "submit_report"),
    *("ask_again", "unhappy", "staff_page", "url"),
}
NUMBER_TO_CALL = "tel:02079460101"
LISTS = {"offers", "paragraphs", "changes", "alternatives", "preferred_times"}
ROWS = {"walks", "concerns", "counts", "lines"}
NUMBERS = {"left": 1, "least": 2, "remaining": 2}


@cache
def find_names(kind):
    """Return the names that the tags of a kind's file use, and those of the parts that it may include."""
    sources = [SOURCES[kind], *(source for name, source in SOURCES.items() if name not in kinds())]
    tags = re.findall(r"{[{%](.*?)[%}]}", "".join(sources))
    return set(re.findall(r"[a-z_]+", " ".join(re.sub(r'"[^"]*"', "", tag) for tag in tags)))


def values(kind, typed):
    """Return values for a message of this kind in which every typed text is `typed`."""
    named = {name: PAGE if name in LINKS else typed for name in find_names(kind)}
    lists = {name: [typed, typed] for name in LISTS} | {name: [named, named] for name in ROWS}
    lines = [
        CardLine("meet", typed, typed),
        CardLine("phrase", typed, typed),
        CardLine("map", typed, typed, PAGE, "Go"),
    ]
    card = WalkCard(changes=(typed,), sections=(CardSection("walk", "Walk", tuple(lines)),))
    everything = named | lists | NUMBERS | {"card": card, "team_call": NUMBER_TO_CALL}
    return {name: value for name, value in everything.items() if name in named}


@pytest.mark.parametrize("is_discreet", [False, True])
def test_every_kind_has_a_subject_and_a_preview_in_each_form(is_discreet):
    for kind in kinds(is_discreet=is_discreet):
        form = read_form(kind, values(kind, "Maya"), is_discreet=is_discreet)
        assert all((form.subject, form.preview, form.body.strip())), kind
        assert len(form.preview) <= 90, kind


def test_only_kinds_to_requesters_have_a_discreet_form():
    to_requester = [kind for kind in kinds() if not kind.startswith(TO_STAFF)]

    # What she has just done herself is not written to her discreetly.
    assert sorted({*to_requester} - {*kinds(is_discreet=True)}) == ["booking_times_changed"]
    assert sorted({*kinds(is_discreet=True)} - {*to_requester}) == ALWAYS_DISCREET


def test_kind_without_a_discreet_form_is_not_sent_in_full_instead():
    with pytest.raises(ValueError, match="no discreet form"):
        render("team_new_request", values("team_new_request", "Maya"), is_discreet=True)


def test_kind_that_is_always_discreet_is_not_sent_in_full():
    with pytest.raises(ValueError, match="no full form"):
        render("follower_update", values("follower_update", "Maya"))


def test_every_kind_has_a_unique_name():
    files = list((settings.BASE_DIR / "templates").glob("**/emails/*.md"))

    assert len(files) == len(kinds()) + len(ALWAYS_DISCREET) > 40


@pytest.mark.parametrize("kind", kinds())
def test_typed_text_is_never_markup(kind):
    """The result is the message for a plain name, with that name replaced by the typed text."""
    message = render(kind, values(kind, "Zebra"))
    for typed in HOSTILE:
        line = one_line(typed)

        hostile = render(kind, values(kind, typed))

        assert hostile["subject"] == message["subject"].replace("Zebra", line)
        assert hostile["text"] == message["text"].replace("Zebra", line)
        assert hostile["html"] == message["html"].replace("Zebra", escape(line, quote=False))


@pytest.mark.parametrize("kind", kinds(is_discreet=True))
def test_discreet_form_does_not_depend_on_typed_text(kind):
    plain, hostile = (render(kind, values(kind, typed), is_discreet=True) for typed in ("Zebra", "\n".join(HOSTILE)))

    assert "Zebra" not in plain["subject"] + plain["text"] + plain["html"]
    assert hostile == plain


def test_every_kind_shows_some_typed_text():
    """Otherwise the tests above would prove nothing."""
    kinds_without_name = [kind for kind in kinds() if "Zebra" not in render(kind, values(kind, "Zebra"))["text"]]

    assert kinds_without_name == []


@pytest.mark.parametrize("kind", KINDS_TO_REQUESTER)
def test_message_is_in_the_requesters_language(kind, welsh, officer, second_officer):
    booking = scheduled_booking([officer, second_officer])
    booking.contact.language = welsh

    message = write_to_requester(kind, booking)

    assert '<html lang="cy"' in message.html
    assert translation.get_language() == "en-gb"


def test_marker_of_the_discreet_form_is_in_no_part():
    every_kind = {*kinds(), *kinds(is_discreet=True)}
    assert [name for name, source in SOURCES.items() if DISCREET in source and name not in every_kind] == []
