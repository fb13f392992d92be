"""Concerns referred to a partner agency: referral, acknowledgement, and the messages to the requester."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from bookings.models.bookings import Booking
from bookings.statuses import Channel
from feedback.answers.actions import ConcernAnswer, Referral, answer_concern, refer_concern
from feedback.models.concerns import Concern
from feedback.statuses import NOT_OURS_LABELS, REFERRED_LABELS, PartnerAgency, State
from outbox.models import Message
from tests.support.feedback_factories import REVIEW_DATE, ConcernFactory, make_completed_booking
from tests.support.sample_messages import WORDS_NOT_IN_DISCREET_MESSAGES
from walkandtalk.lib import london
from walkandtalk.lib.errors import TransitionNotAllowed

CHASE = {f"chase_date_{part}": getattr(REVIEW_DATE, part) for part in ("day", "month", "year")}


@pytest.fixture
def concern(officer, inspector):
    """An accepted concern that the requester lets us pass on."""
    fields = {"state": State.ACCEPTED, "owner": inspector, "review_date": london.today(), "consent": True}
    return ConcernFactory(report__booking=make_completed_booking([officer]), **fields)


def reload(concern):
    return Concern.objects.get(pk=concern.pk)


def refer(concern, by, version=None, **fields):
    concern = reload(concern)
    answers = {"partner": PartnerAgency.COUNCIL, "external_reference": "", "words": "They mend lamps."}
    referral = Referral(**answers | {"review_date": REVIEW_DATE} | fields)
    refer_concern(concern, referral, by=by, version=concern.version if version is None else version)
    return concern


def not_ours(concern, by):
    concern = reload(concern)
    answer = ConcernAnswer(to=State.NOT_OURS, words="They mend it.")
    answer_concern(concern, answer, by=by, version=concern.version)
    return concern


def test_refer_concern_records_partner_and_date_and_tells_the_requester(concern, inspector):
    refer(concern, inspector, partner=PartnerAgency.TFL)

    referred = reload(concern)
    assert (referred.state, referred.referred_to, referred.review_date) == (State.REFERRED, "tfl", REVIEW_DATE)
    text = Message.objects.get().text
    assert "Where it stands: Passed to Transport for London. They mend lamps.\n" in text
    assert "We’ll write to you again" in text


def test_refer_concern_needs_the_requesters_consent(concern, inspector):
    Concern.objects.update(consent=False)

    with pytest.raises(PermissionDenied):
        refer(concern, inspector)

    assert (reload(concern).state, Message.objects.count()) == (State.ACCEPTED, 0)


def test_refer_concern_needs_the_inspector_in_charge(concern, stranger, officer):
    for user in (stranger, officer):
        with pytest.raises(PermissionDenied):
            refer(concern, user)


def test_refer_concern_refuses_an_older_version(concern, inspector):
    refer(concern, inspector)

    with pytest.raises(TransitionNotAllowed, match="Something new was said"):
        refer(concern, inspector, version=0)

    assert Message.objects.count() == 1


def test_not_ours_needs_the_partners_reference(concern, inspector):
    refer(concern, inspector)
    with pytest.raises(TransitionNotAllowed, match="Enter their reference first"):
        not_ours(concern, inspector)

    refer(concern, inspector, external_reference="FS-4711")
    ended = not_ours(concern, inspector)

    assert (ended.state, ended.external_reference) == (State.NOT_OURS, "FS-4711")
    text = Message.objects.order_by("number").last().text
    assert "Where it stands: This belongs to the council. They mend it.\n" in text
    assert ("We’ll write to you again" in text, "FS-4711" in text) == (False, False)


def test_not_ours_needs_a_referral(concern, inspector):
    Concern.objects.update(external_reference="FS-4711")

    with pytest.raises(TransitionNotAllowed):
        not_ours(concern, inspector)

    assert reload(concern).state == State.ACCEPTED


@pytest.mark.parametrize(
    "fields",
    [
        {"state": State.REFERRED},
        {"state": State.NOT_OURS, "external_reference": "FS-4711"},
        {"state": State.NOT_OURS, "referred_to": "council"},
    ],
    ids=["referred without a partner", "not ours without a partner", "not ours, not acknowledged"],
)
def test_database_refuses_an_incomplete_referral(fields, concern):
    with pytest.raises(IntegrityError), transaction.atomic():
        Concern.objects.update(**fields)


@pytest.mark.parametrize("partner", PartnerAgency)
def test_requester_reads_the_name_of_each_partner(partner, concern):
    concern.referred_to = partner

    concern.state = State.REFERRED
    passed = concern.state_for_requester
    concern.state = State.NOT_OURS

    assert (passed, concern.state_for_requester) == (REFERRED_LABELS[partner], NOT_OURS_LABELS[partner])


def test_discreet_referral_message_is_not_revealing(concern, inspector):
    Booking.objects.update(channel=Channel.DISCREET)

    refer(concern, inspector, external_reference="FS-4711")

    message = Message.objects.get()
    content = re.sub(r"https?://\S+", "", message.subject + message.text + message.html).lower()
    assert [
        word for word in [*WORDS_NOT_IN_DISCREET_MESSAGES, "council", "lamps", "4711"] if word.lower() in content
    ] == []


# --- The pages --------------------------------------------------------------------------------------------------------


def send(client, concern, **answers):
    path = f"/staff/concerns/{concern.pk}/answer/"
    version = client.get(path).context["form"]["version"].value()
    return client.post(path, {"words": "We told them.", "version": version, **answers})


def outcomes(client, concern):
    form = client.get(f"/staff/concerns/{concern.pk}/answer/").context["form"]
    return [value for value, _label in form.fields["outcome"].choices]


def test_pages_take_a_referral_from_start_to_end(concern, as_inspector):
    first = outcomes(as_inspector, concern)
    assert send(as_inspector, concern, outcome="refer", partner="tfl", **CHASE).status_code == 302
    referred = outcomes(as_inspector, concern)
    send(as_inspector, concern, outcome="refer", partner="tfl", external_reference="FS-4711", **CHASE)
    acknowledged = outcomes(as_inspector, concern)
    ended = send(as_inspector, concern, outcome="not_ours")

    assert first == ["done", "planned", "is_continuing", "refer", "no_action"]
    assert referred == ["done", "refer", "no_action"]
    assert acknowledged == ["done", "refer", "not_ours", "no_action"]
    page = as_inspector.get(ended["Location"]).text
    assert ("Transport for London" in page, "FS-4711" in page) == (True, True)


def test_answer_page_shows_only_what_may_be_passed_on(concern, as_inspector):
    page = as_inspector.get(f"/staff/concerns/{concern.pk}/answer/").text
    Concern.objects.update(consent=False)
    without = as_inspector.get(f"/staff/concerns/{concern.pk}/answer/").text
    refused = send(as_inspector, concern, outcome="refer", partner="tfl", **CHASE)

    assert all(words in page for words in ("What you may pass on", concern.kind_label, concern.place, "In the dark"))
    assert concern.text not in page
    assert ("She hasn’t agreed that we may pass it on" in without, "What you may pass on" in without) == (True, False)
    assert (refused.status_code, reload(concern).state) == (422, State.ACCEPTED)


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ({"outcome": "refer"}, ["#id_partner", "#id_chase_date_day"]),
        ({"outcome": "refer", "partner": "tfl", **CHASE, "chase_date_year": "2020"}, ["#id_chase_date_day"]),
        ({"outcome": "planned"}, ["#id_planned_date_day"]),
    ],
    ids=["no partner or date", "date in the past", "no planned date"],
)
def test_answer_page_shows_errors_for_a_referral_or_plan(answers, errors, concern, as_inspector):
    response = send(as_inspector, concern, **answers)

    assert response.status_code == 422
    assert sorted(error["href"] for error in response.context["error_summary"]) == sorted(errors)
    assert "We told them." in response.text


def test_planned_concern_is_reviewed_on_the_planned_day(concern, as_inspector):
    day = {f"planned_date_{part}": getattr(REVIEW_DATE, part) for part in ("day", "month", "year")}

    send(as_inspector, concern, outcome="planned", **day)

    planned = reload(concern)
    assert (planned.state, planned.review_date) == (State.PLANNED, REVIEW_DATE)
    assert f"Action is planned, {london.long_date(REVIEW_DATE)}. We told them.\n" in Message.objects.get().text
