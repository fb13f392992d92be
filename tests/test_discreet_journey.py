"""Discreet to the last byte: everything that leaves us for a woman whose screen and post somebody else reads.

Before her PIN not one telling word may leave, in a message, a page, a header, a file or an error. After it her page
says what she needs, but titles, headers and the names of files stay as bland as before, and nothing leads elsewhere.
"""

import csv
import datetime
import re
from email import message_from_bytes
from email.policy import default as policy
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as project_settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.utils import timezone

from bookings import actions, jobs
from bookings.booking_request import NewWish, WishedTime
from bookings.models import Booking, Link, Walk
from bookings.statuses import CancelReason, Channel
from feedback.actions import invite_to_tell_us
from feedback.samples import SAID_BY_HER_PAGE, samples
from outbox.delivery import build
from outbox.models import Message
from tests.support.addresses import NEUTRAL, every_name, undone
from tests.support.drafts_and_messages import finished_draft, press_send
from tests.support.factories import in_days, needs_hold
from tests.support.markup import Markup
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db

PIN = "402817"
HERS = ["Maya", "Peckham", "Nunhead", "flower stall", "green lantern", "silver river", "07700", "I use a stick"]
# At the beginning of a word, so that "replace" tells nothing and "walks" does.
TELLING = ["police", "walk", "place", "officer", "patrol", "bcu", "borough", "command unit", "neighbourhood", "met"]
WHOLE = ("place", "met")
RANDOM = re.compile(r"[A-Za-z0-9_-]{30,}|[0-9a-f]{8}-[0-9a-f-]{27}")


def places():
    """The name of every borough, and of every BCU."""
    with (project_settings.BASE_DIR / "data" / "wards.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    column = next(name for name in rows[0] if "borough" in name.lower() and "gss" not in name.lower())
    return sorted({row[column] for row in rows})


def telling(text):
    """Every word in it that would tell somebody something."""
    text = RANDOM.sub(" ", text).lower()
    public = urlsplit(project_settings.PUBLIC_URL)
    found = [word for word in TELLING if re.search(rf"(?<![a-z]){word}{'s?(?![a-z])' if word in WHOLE else ''}", text)]
    others = ["central south", "central north", public.netloc, public.hostname, "walkandtalk", *HERS]
    names = [name for name in places() if re.search(rf"\b{re.escape(name.lower())}\b", text)]
    return found + names + [word for word in others if word.lower() in text]


def bytes_of(response):
    """All that a browser is sent: the status line, headers, cookies and body."""
    headers = [f"{name}: {value}" for name, value in response.headers.items()]
    cookies = [cookie.OutputString() for cookie in response.cookies.values()]
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return "\n".join([response.reason_phrase, *headers, *cookies, body.decode()])


def outside_of(response):
    """What of a page others may see in the bar of tabs, in a history or on the wire: all but its words."""
    page = Markup(response.text)
    titles = [tag.text for tag in page.all("title")]
    metas = [tag.attrs.get("content", "") for tag in page.all("meta")]
    addresses = [tag.attrs[name] for tag in page.tags for name in ("src", "href", "action") if name in tag.attrs]
    comments = re.findall(r"<!--.*?-->", response.text, re.DOTALL)
    headers = [f"{name}: {value}" for name, value in response.headers.items()]
    cookies = [cookie.OutputString() for cookie in response.cookies.values()]
    return "\n".join([*titles, *metas, *addresses, *comments, *headers, *cookies])


def files_of(response):
    """What a page loads from us."""
    tags = Markup(response.text).all("script", "link", "img")
    return {tag.attrs.get("src") or tag.attrs.get("href") for tag in tags}


def everything_in(message):
    """The envelope, the headers and each part of one message, decoded."""
    parts = list(message_from_bytes(build(message).message().as_bytes(), policy=policy).walk())
    headers = [f"{name}: {value}" for part in parts for name, value in part.items()]
    bodies = [part.get_payload(decode=True).decode() for part in parts if not part.is_multipart()]
    return "\n".join([message.sender, *headers, *bodies])


class NeutralBrowser(Client):
    def __init__(self, **options):
        super().__init__(**options, headers={"host": project_settings.DISCREET_HOST})


# --- Messages -------------------------------------------------------------------------------------------------------


def ask(client, borough):
    """She asks for a walk on the public pages, and chooses discreet email."""
    contact = {"channel": "discreet", "email": "m@example.net", "phone": "", "phone_rules": [], "phone_times": ""}
    draft, cookie = finished_draft(borough=borough.gss, contact=contact, pin={"pin": PIN})
    client.cookies[project_settings.ANSWERS_COOKIE_NAME] = cookie
    press_send(client)
    return Booking.objects.get(draft_uuid=draft.pk)


def schedule(booking, inspector, team, days=10):
    plan = actions.WalkPlan(
        start_at=in_days(days),
        minutes=60,
        meeting_place="Peckham Rye station, by the flower stall",
        finish_place="Back at the start",
        duty_number="020 7946 0101",
    )
    booking.refresh_from_db()
    return plan, actions.schedule_booking(
        booking, by=inspector, version=booking.version, plan=plan, officers=team, arranged={}
    )


@pytest.fixture
def journey(client, southwark, inspector, team):
    """One that is changed and cancelled, one that is walked, one that nobody answers: every message of theirs."""
    first = ask(client, southwark)
    actions.open_by_pin(first, pin=PIN, network="192.0.2.1")
    plan, walk = schedule(first, inspector, team)
    actions.change_wish(first, wish=_other_times())
    first.refresh_from_db()
    actions.keep_plan(first, by=inspector, version=first.version, words="Peckham police say no.")
    changed = actions.WalkPlan(**{**vars(plan), "minutes": 45})
    walk.refresh_from_db()
    actions.change_walk(
        walk, by=inspector, version=walk.edition, plan=changed, officers=team, arranged=needs_hold(first)
    )
    client.post("/my-walk/", {"reference": first.reference})
    jobs.send_links_again(timezone.now())
    actions.give_new_address(first, email="n@example.net", proven=True)
    first.refresh_from_db()
    words = "The officers are unwell."
    actions.cancel_booking_by_us(first, by=inspector, version=first.version, reason=CancelReason.ILLNESS, words=words)

    walked = ask(client, southwark)
    actions.open_by_pin(walked, pin=PIN, network="192.0.2.1")
    _, walk = schedule(walked, inspector, team, days=12)
    Walk.objects.filter(pk=walk.pk).update(start_at=timezone.now())
    actions.set_off(Walk.objects.get(pk=walk.pk), by=team[0])
    actions.start_walk(Walk.objects.get(pk=walk.pk), by=team[0])
    actions.end_walk(Walk.objects.get(pk=walk.pk), by=team[0])
    walked.refresh_from_db()
    invite_to_tell_us(walked, now=timezone.now())

    ask(client, southwark)
    jobs.apologise_for_no_answer(in_days(40))
    return [message for message in Message.objects.order_by("number") if message.thread.startswith("her:")]


def _other_times():
    time = WishedTime(date=london.today() + datetime.timedelta(days=14), start=datetime.time(12))
    return NewWish(wishes=(time,), weekday_evenings=False, weekends=False, meeting_place="Nunhead station")


def test_no_message_of_the_whole_journey_tells_anything(journey):
    kinds = [message.kind for message in journey]

    told = {message.kind: telling(everything_in(message)) for message in journey}

    assert len(kinds) >= 9
    assert {"received", "scheduled", "plan_stands", "changed", "link", "cancelled_by_us", "not_answered"} <= set(kinds)
    assert {kind: words for kind, words in told.items() if words} == {}
    assert {message.sender for message in journey} == {project_settings.DISCREET_FROM_EMAIL}
    assert all(not message.attachments for message in journey)


def test_no_message_has_a_link_to_anywhere_but_the_neutral_host(journey):
    links = [link for message in journey for link in re.findall(r"https?://[^\s\"<>]+", message.text + message.html)]

    assert len(links) >= len(journey)
    assert {link.split("/r/")[0] for link in links} == {project_settings.DISCREET_URL}


def test_no_kind_of_message_tells_anything(southwark):
    """Each that there is: tests/feedback/test_samples.py finds a kind without a sample."""
    every = samples()
    discreet = {sample.name: sample.message for sample in every if sample.name.endswith("-discreet")}
    in_full = {sample.name for sample in every if not sample.name.startswith(("officer-", "team-"))} - set(discreet)

    said = {name: everything_in(each).replace(each.recipient, "") for name, each in discreet.items()}
    told = {name: telling(text) for name, text in said.items()}
    links = [link for each in discreet.values() for link in re.findall(r"https?://[^\s\"<>]+", each.text + each.html)]

    assert {f"{name}-discreet" for name in in_full - SAID_BY_HER_PAGE} == set(discreet)
    assert {name: words for name, words in told.items() if words} == {}
    assert {link.split("/r/")[0] for link in links} == {project_settings.DISCREET_URL}
    assert {message.sender for message in discreet.values()} == {project_settings.DISCREET_FROM_EMAIL}
    assert not any(message.attachments for message in discreet.values())


# --- Pages ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def neutral_world(world):
    """Something behind every address of the neutral host, and every woman has chosen it."""
    Booking.objects.update(channel=Channel.DISCREET)
    return world


def neutral_names():
    return [name for name in every_name() if name.startswith(NEUTRAL)]


def errors():
    """Each page that says that something is wrong, by how one gets there."""
    browser = NeutralBrowser(raise_request_exception=False)
    yield "400", browser.get("/?a=%00")
    yield "403", NeutralBrowser(enforce_csrf_checks=True).post("/r/", {"reference": "x"})
    yield "404", browser.get("/request/")
    yield "404 of a link", browser.get(f"/r/{'x' * 43}/")
    yield "404 of a file", browser.get("/static/no-such-file.css")
    yield "405", browser.put("/")
    with connection.execute_wrapper(_broken):
        yield "500", browser.post("/r/", {"reference": "0123456789ABC"})


def _broken(*args):
    raise RuntimeError("The walk of the police officer in Southwark")


def test_no_page_before_her_pin_tells_anything(neutral_world):
    """Not even a form that she sends when her half hour is over, which the PIN page carries along."""
    client = neutral_world.enter("signed_out")

    typed = {"reference": "0123456789ABC", "meeting_place": "Peckham Rye, with two officers", "walk": "police"}
    sent = {"GET": {}, "POST": {"data": typed}}
    answered = {
        f"{method} {name}": neutral_world.ask(client, name, method, **more)
        for name in neutral_names()
        for method, more in sent.items()
    }
    told = {what: telling(bytes_of(response)) for what, response in answered.items()}

    asked_for_pin = [what for what, response in answered.items() if "What is your PIN?" in response.text]
    assert len(asked_for_pin) > 15
    assert {what: words for what, words in told.items() if words} == {}


def test_no_error_page_tells_anything(db):
    answered = dict(errors())

    assert [what[:3] for what in answered] == [str(response.status_code) for response in answered.values()]
    assert {what: words for what, response in answered.items() if (words := telling(bytes_of(response)))} == {}


def test_no_redirect_leads_to_the_public_host(neutral_world):
    client = neutral_world.enter("signed_out")

    answered = [neutral_world.ask(client, name, method) for name in neutral_names() for method in ("GET", "POST")]
    hosts = {urlsplit(response["Location"]).netloc for response in answered if response.has_header("Location")}

    assert hosts <= {"", urlsplit(project_settings.LEAVE_URL).netloc}


def test_no_file_that_the_pages_load_tells_anything(neutral_world):
    client = neutral_world.enter("signed_out")
    pages = [neutral_world.ask(client, name) for name in neutral_names()]
    pages = [page for page in pages if page["Content-Type"].startswith("text/html")]

    files = sorted({file for page in pages for file in files_of(page)})
    contents = {file: finders.find(urlsplit(file).path.removeprefix("/static/")) for file in files}
    told = {file: telling(file + Path(path).read_text(encoding="utf-8")) for file, path in contents.items()}

    assert len(files) >= 4
    assert {file: words for file, words in told.items() if words} == {}


def entered(world, name):
    """A browser whose PIN has just been taken where this page asks for it."""
    client = world.enter("signed_out")
    token = re.search(r"/r/([\w-]{43})/", world.path(name))
    if token:
        client.post(f"/r/{token[1]}/", {"pin": PIN}, headers={"host": project_settings.DISCREET_HOST})
    return client


def test_after_her_pin_titles_headers_and_files_stay_bland(neutral_world):
    answered = {name: neutral_world.ask(entered(neutral_world, name), name) for name in neutral_names()}
    pages = {name: page for name, page in answered.items() if "html" in page.get("Content-Type", "")}

    told = {name: telling(outside_of(page)) for name, page in pages.items()}

    shown = pages[f"{NEUTRAL}my_walk:page"].text
    assert "green lantern" in shown
    assert not [name for name, page in pages.items() if "What is your PIN?" in page.text]
    assert {name: words for name, words in told.items() if words} == {}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_after_her_pin_nothing_names_the_public_host(method, neutral_world):
    public = urlsplit(project_settings.PUBLIC_URL).netloc
    answered = {}

    for name in neutral_names():
        with undone():
            answered[name] = bytes_of(neutral_world.ask(entered(neutral_world, name), name, method))

    assert [name for name, text in answered.items() if public in text] == []


def test_the_calendar_she_downloads_tells_anybody_else_nothing(neutral_world):
    name = f"{NEUTRAL}my_walk:calendar"

    calendar = neutral_world.ask(entered(neutral_world, name), name)

    assert b"SUMMARY:Appointment" in calendar.content
    assert telling(bytes_of(calendar)) == []


# --- The search finds what is there ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "planted",
    [
        "X-Team: Police",
        "class=walk-card",
        "Meeting place:",
        "Two officers",
        "your BCU",
        "in Tower Hamlets",
        "WalkAndTalk",
        "Peckham Rye",
    ],
)
def test_the_search_finds_what_is_planted(planted):
    assert telling(f"Your appointment {planted} tomorrow") != []
    assert telling("Your appointment tomorrow. Replace it: a displaced talker, methods, bywalk.") == []


def test_the_search_sees_into_every_part_of_a_message(journey):
    message = journey[0]
    for field, value in {
        "subject": "Dein Termin, Polizei – police",
        "sender": "Police <a@example.net>",
        "text": "A walk — with “them”",
        "html": "<p title='walk'>—</p>",
    }.items():
        planted = Message(**{each.attname: getattr(message, each.attname) for each in Message._meta.fields})
        setattr(planted, field, value)
        assert telling(everything_in(planted)) != [], field


def test_the_public_host_is_no_neutral_one(client, db):
    """What would be found there, if its pages were sent from here."""
    assert {"walk", "officer", "police"} <= set(telling(bytes_of(client.get("/"))))
    assert Link.objects.count() == 0
