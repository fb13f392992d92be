"""Of improvements, everyone may read what a lead has agreed to, once it is done, and nothing of any woman."""

import datetime
import xml.etree.ElementTree as ET

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from feedback.improvements.actions import reopen_improvement
from feedback.improvements.transitions import transition_improvement
from feedback.statuses import State
from tests.support.factories import InspectorFactory
from tests.support.feedback_factories import ConcernFactory, make_completed_booking
from tests.support.improvements import reload
from tests.support.published import make_published_improvement
from tests.support.query_counts import count_queries
from walkandtalk.lib import london
from walkandtalk.lib.rows import save_changes

JSON = "/what-women-told-us/data/improvements.json"
ATOM = "/what-women-told-us/data/improvements.atom"
NAMES = {"": "http://www.w3.org/2005/Atom"}


def read_json(client):
    return client.get(JSON).json()["improvements"]


def read_atom(client):
    return ET.fromstring(client.get(ATOM).content)


def entry_ids(feed):
    return [each.text for each in feed.findall("entry/id", NAMES)]


@pytest.fixture
def improvement(southwark):
    return make_published_improvement(southwark, public_words="Brighter <lamps>\x0b & more.", kind="lighting")


def test_json_says_what_was_done_and_where(client, improvement, southwark):
    assert read_json(client) == [
        {
            "reference": improvement.reference,
            "area_code": southwark.bcu.code,
            "area_name": southwark.bcu.name,
            "borough_code": southwark.gss,
            "borough_name": southwark.name,
            "kind": "lighting",
            "kind_name": "Too dark, or lights not working",
            "words": "Brighter <lamps>\x0b & more.",
            "done_on": "2026-10-05",
        }
    ]


def test_atom_entry_has_a_stable_id_and_its_words_as_text(client, improvement):
    host = settings.PUBLIC_URL.partition("//")[2].partition(":")[0]

    feed = read_atom(client)
    [entry] = feed.findall("entry", NAMES)

    assert feed.find("id", NAMES).text == f"tag:{host},2026:improvements"
    assert entry.find("id", NAMES).text == f"tag:{host},2026:improvement:{improvement.reference}"
    assert entry.find("title", NAMES).text == "Southwark: Too dark, or lights not working"
    assert entry.find("summary", NAMES).text == "<p>Brighter &lt;lamps&gt; &amp; more.</p>"
    assert entry.find("link", NAMES).get("href") == f"{settings.PUBLIC_URL}/what-women-told-us/southwark/"
    links = {link.get("rel"): link.get("href") for link in feed.findall("link", NAMES)}
    assert links["self"] == f"{settings.PUBLIC_URL}{ATOM}"
    assert links["license"] == "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


def test_atom_entry_is_as_new_as_the_day_everyone_could_read_it(client, improvement, inspector):
    week = datetime.timedelta(days=7)
    save_changes(improvement, state=State.IN_PROGRESS, approved_at=timezone.now() - week)
    improvement = reload(improvement)
    transition_improvement(improvement, State.RESOLVED, concerns=[], by=inspector)

    feed = read_atom(client)

    at = datetime.datetime.fromisoformat(feed.find("entry/updated", NAMES).text)
    assert timezone.now() - at < week / 2
    assert feed.find("updated", NAMES).text == feed.find("entry/updated", NAMES).text


def test_empty_feed_stays_the_same(client, db):
    feed = read_atom(client)

    assert feed.find("updated", NAMES).text == "2026-01-01T00:00:00+00:00"
    assert entry_ids(feed) == []


@pytest.mark.parametrize(
    "hidden",
    [
        {"approved_by": None, "approved_at": None},
        {"state": State.IN_PROGRESS},
        {"state": State.NO_ACTION},
        {"is_kept_from_bcu": True},
    ],
)
def test_improvement_that_is_not_for_everyone_is_in_no_file(client, southwark, improvement, stranger, hidden):
    fields = {"nominated_inspector": stranger} if hidden.pop("is_kept_from_bcu", False) else hidden
    other = make_published_improvement(southwark, lead=improvement.approved_by, **fields)

    text = client.get(JSON).text + client.get(ATOM).text

    assert improvement.reference in text
    assert other.reference not in text


def test_reopened_improvement_is_taken_away_when_the_month_is_over(client, improvement, inspector):
    save_changes(improvement, owner=inspector)
    improvement = reload(improvement)
    before = read_json(client)

    reopen_improvement(improvement, because="She says no.", by=inspector, version=improvement.version)

    assert (len(before), read_json(client)) == (1, before)
    with time_machine.travel(london.today() + datetime.timedelta(days=32), tick=False):
        assert (read_json(client), entry_ids(read_atom(client))) == ([], [])


def test_files_say_nothing_of_women_concerns_or_staff(client, southwark, improvement, inspector, officer):
    booking = make_completed_booking([officer], borough=southwark)
    concern = ConcernFactory(
        report__booking=booking, improvement=improvement, state=State.RESOLVED, owner=inspector, text="CANARY-TEXT"
    )
    hidden = [concern.text, concern.place, str(concern.pk), str(improvement.pk), improvement.pk.hex, booking.reference]
    hidden += [booking.contact.name, improvement.where, improvement.change]
    hidden += [improvement.owner.name, improvement.approved_by.name]

    text = client.get(JSON).text + client.get(ATOM).text

    assert improvement.reference in text
    assert [each for each in hidden if each.lower() in text.lower()] == []


def test_feed_has_the_newest_and_the_json_all(client, southwark, improvement):
    lead, owner = improvement.approved_by, InspectorFactory(bcu=southwark.bcu)
    for number in range(51):
        done = datetime.date(2026, 10, 6) + datetime.timedelta(days=number)
        make_published_improvement(southwark, lead=lead, owner=owner, done_date=done)

    ids, entries = entry_ids(read_atom(client)), read_json(client)

    assert (len(ids), len(entries)) == (50, 52)
    assert entries[-1]["reference"] == improvement.reference
    assert ids[0].endswith(entries[0]["reference"])
    assert (count_queries(client, JSON), count_queries(client, ATOM)) == (3, 3)
