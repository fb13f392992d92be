"""All that partners get, by email, on their page and in their own system: no word of any woman is in it."""

import pytest
from django.utils import timezone

from feedback.improvements.actions import make_improvement
from feedback.models.concerns import Concern
from feedback.models.places import ReportedPlace
from feedback.referrals.actions import ask_again, send_new_link
from feedback.statuses import State
from outbox.models import Message
from outbox.sending.delivery import build_email
from partners.jobs import send_open311_requests
from tests.support.canary_scene import SEEN_AS, make_canary_scene
from tests.support.feedback_factories import REVIEW_DATE
from tests.support.improvements import DETAILS, latest, link_of, refer, reload, to_partner
from tests.support.leak_search import find_leaks
from tests.support.open311_server import Open311Server, running
from tests.support.partners import make_open311_partner
from tests.support.place_reports import PIN, make_place_report
from walkandtalk.lib import tokens
from walkandtalk.lib.rows import save_changes

pytestmark = pytest.mark.django_db

EMAIL = "corner@canary.example.com"


@pytest.fixture
def concerns(southwark, officer, second_officer, inspector):
    """The accepted concerns of two women, with and without a walk, of whom everything we hold is a canary."""
    booking = make_canary_scene(southwark, [officer, second_officer], inspector)
    told = {"place": "canary corner", "text": "canary lamp", "channel": "discreet", "email": EMAIL}
    make_place_report(southwark, **told)
    hers = Concern.objects.filter(report__booking=booking, report__by_officer=None) | Concern.objects.filter(
        report__booking=None
    )
    hers.update(state=State.ACCEPTED, owner=inspector, review_date=REVIEW_DATE, consent=True)
    assert hers.count() == 2
    return list(hers)


@pytest.fixture
def canary_improvement(concerns, inspector):
    first = concerns[0]
    return make_improvement(
        DETAILS, borough=first.borough, place=None, concerns=concerns, by=inspector, version=first.version
    )


@pytest.fixture
def secrets(concerns):
    """Everything that names the women or leads to them, in any spelling."""
    reports = [concern.report for concern in concerns]
    booking = next(report.booking for report in reports if report.booking)
    contact = next(report.contact for report in reports if report.booking is None)
    return [
        *("canary", EMAIL, PIN, "07700900876", *SEEN_AS.values()),
        *(booking.reference, booking.spoken_reference, contact.reference, contact.spoken_reference),
        *(str(row.pk) for row in (booking, *reports, *concerns)),
        *(concern.reference for concern in concerns),
        *(tokens.format_reference(concern.reference) for concern in concerns),
    ]


def pages_of(client, link):
    """Return every page that the partner's link opens: the form, its errors, the thanks and the end."""
    answers = [{}, {"answer": "received"}, {"answer": "cannot", "because": "No money."}]
    yield "form", client.get(link).text
    for version, answer in enumerate(answers):
        response = client.post(link, {"version": max(version - 1, 0), **answer})
        yield f"answer {version}", response.text
        if response.status_code == 302:
            yield f"thanks {version}", client.get(response["Location"]).text
    yield "closed", client.get(link).text


def messages_to(address):
    for message in Message.objects.all():
        if message.recipient == address:
            yield message.kind, build_email(message).message().as_string()
            yield message.kind, f"{message.subject} {message.text} {message.html} {message.thread} {message.dedupe_key}"


def test_partner_reads_nothing_of_anyone_in_messages_or_on_its_page(
    client, canary_improvement, council, inspector, secrets
):
    referral = refer(canary_improvement, council, inspector)
    ask_again(reload(referral), by=inspector)
    pages = list(pages_of(client, link_of(to_partner("partner_reminder"))))
    send_new_link(reload(referral))

    messages = list(messages_to(council.inbox))
    assert {kind for kind, _text in messages} == {"partner_referral", "partner_reminder", "partner_answer_saved"}
    assert len(pages) == 7
    assert all("Mend lamp column 14" in text for where, text in pages if where in ("form", "closed"))
    assert find_leaks([*messages, *pages], secrets) == set()


@pytest.mark.django_db(transaction=True)
def test_partners_own_system_gets_nothing_of_anyone(canary_improvement, inspector, southwark, secrets, settings):
    settings.OPEN311_LOCAL_SERVER = True
    with running(Open311Server()) as server:
        partner = make_open311_partner(server.url, boroughs=[southwark])
        place = {"bcu": southwark.bcu, "borough": southwark, "lat": 51.468, "lon": -0.069, "name": "Near the park"}
        save_changes(canary_improvement, place=ReportedPlace.objects.create(**place))
        refer(canary_improvement, partner, inspector)
        send_open311_requests(timezone.now())

    sent = [("Open311", f"{name}: {value}") for name, value in server.posted[0].items()]
    assert server.posted[0]["description"].count(latest().reference) == 1
    assert find_leaks([*sent, *(("asked", path) for path in server.asked)], secrets) == set()
