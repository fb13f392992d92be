"""One change to one place: concerns join it and share its state, and each woman hears once."""

import dataclasses
import datetime
import threading
import uuid

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from boroughs.geography.places import public_places
from data_rights.erasure.actions import request_erasure
from feedback import jobs
from feedback.answers.actions import AnswerNow, answer_concern, record_follow_up_answers
from feedback.concerns.actions import accept_into_improvement
from feedback.improvements.actions import (
    Answer,
    PublicWords,
    answer_improvement,
    approve_public_words,
    change_details,
    hand_over_improvement,
    join_improvement,
    leave_improvement,
    make_improvement,
    reopen_improvement,
    take_improvement,
    write_public_words,
)
from feedback.models.concerns import Concern
from feedback.models.events import FollowUpQuestion
from feedback.models.improvements import Improvement, ImprovementEvent
from feedback.models.places import ReportedPlace
from feedback.recipients import BookingRecipient
from feedback.reports.actions import Wording, correct_concern, submit_report, withdraw_concern
from feedback.statuses import JOINED_STATES, FollowUpAnswer, State
from outbox.models import Message
from tests.support.factories import BookingFactory, InspectorFactory, in_days
from tests.support.feedback_factories import (
    REVIEW_DATE,
    ConcernFactory,
    ImprovementFactory,
    make_completed_booking,
    make_referral,
    make_report_submission,
)
from tests.support.improvements import DETAILS, joined, recipients, reload, states
from tests.support.place_reports import make_place_report
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed

pytestmark = pytest.mark.django_db

NO = AnswerNow(is_better=FollowUpAnswer.NO)
MENDED = {"words": "The lamp was mended.", "done_date": london.today()}


def answer(improvement, by, to=State.RESOLVED, version=None, **fields):
    improvement = reload(improvement)
    said = Answer(to=to, **(MENDED | fields))
    answer_improvement(improvement, said, by=by, version=improvement.version if version is None else version)


def message_to(address):
    (message,) = [each for each in Message.objects.filter(kind="concern_answered") if each.recipient == address]
    return message.text + message.html


# --- Making and joining -----------------------------------------------------------------------------------------------


def test_concerns_join_and_share_state_owner_and_review_date(improvement, maya, joan, inspector):
    assert joined(improvement) == {maya, joan}
    assert {(each.state, each.owner, each.review_date) for each in joined(improvement)} == {
        (State.ACCEPTED, inspector, REVIEW_DATE)
    }


def test_each_woman_hears_once_about_her_own_concern_and_nothing_of_the_other(improvement, maya, joan, inspector):
    answer(improvement, inspector)

    assert states(maya, joan) == [State.RESOLVED, State.RESOLVED]
    assert recipients() == ["joan@example.com", "maya@example.com"]
    mayas, joans = message_to("maya@example.com"), message_to("joan@example.com")
    assert f"told us on {london.long_date(maya.reported_at)}: {maya.kind_label}." in mayas
    assert f"told us on {london.long_date(joan.reported_at)}: {joan.kind_label}." in joans
    assert all("The lamp was mended." in message for message in (mayas, joans))
    assert [words for words in ("Joan", joan.kind_label, "arches", "Her own words") if words in mayas] == []
    assert [words for words in ("Maya", maya.kind_label, "library") if words in joans] == []


def test_everyone_who_waits_is_locked_with_as_many_queries_as_one(improvement, inspector, officer, bcu):
    def locks():
        with CaptureQueriesContext(connection) as queries:
            answer(reload(improvement), inspector, State.IN_PROGRESS)
        return len([query for query in queries if "FOR NO KEY UPDATE" in query["sql"]])

    for_two = locks()
    for number in range(3):
        booking = make_completed_booking([officer], start_at=in_days(-4 - number))
        shared = {"state": State.IN_PROGRESS, "owner": inspector, "review_date": REVIEW_DATE}
        ConcernFactory(report__booking=booking, improvement=improvement, **shared)

    assert locks() == for_two


def test_a_woman_with_two_concerns_hears_once(improvement, maya, inspector):
    report = submit_report(maya.report.booking, make_report_submission(), submission=uuid.uuid4())
    second = report.concerns.get()
    accept_into_improvement(second, reload(improvement), by=inspector, version=0)
    Message.objects.all().delete()

    answer(improvement, inspector)

    assert reload(second).state == State.RESOLVED
    assert recipients() == ["joan@example.com", "maya@example.com"]


def test_new_concern_joins_while_it_is_checked_and_its_requester_hears_how_it_stands(improvement, inspector, bcu):
    day = london.today() + datetime.timedelta(days=20)
    answer(improvement, inspector, to=State.PLANNED, words="The council will mend it.", done_date=day, review_date=day)
    Message.objects.all().delete()
    booking = BookingFactory(contact__email="ann@example.com", borough=improvement.borough)
    concern = ConcernFactory(report__booking=booking)

    accept_into_improvement(concern, reload(improvement), by=inspector, version=0)

    new = reload(concern)
    assert (new.state, new.improvement, new.owner, new.review_date) == (State.PLANNED, improvement, inspector, day)
    assert recipients() == ["ann@example.com"]
    assert "The council will mend it." in message_to("ann@example.com")


def test_joining_is_refused_across_bcus_and_nominated_inspectors(improvement, inspector, stranger, camden):
    owned = {"state": State.ACCEPTED, "owner": stranger, "review_date": REVIEW_DATE}
    elsewhere = ConcernFactory(report__booking=BookingFactory(borough=camden), **owned)
    here = {"borough": improvement.borough, "nominated_inspector": stranger}
    kept_apart = ConcernFactory(report__booking=BookingFactory(**here), **owned)

    for concern in (elsewhere, kept_apart):
        for by in (inspector, stranger):
            with pytest.raises(PermissionDenied):
                join_improvement(reload(concern), reload(improvement), by=by, version=0)

    assert len(joined(improvement)) == 2


def test_nothing_joins_what_has_ended_nor_twice(improvement, maya, inspector):
    other = ImprovementFactory(borough=improvement.borough, owner=inspector)
    with pytest.raises(TransitionNotAllowed, match="has joined an improvement"):
        join_improvement(reload(maya), other, by=inspector, version=reload(maya).version)
    answer(improvement, inspector)
    late = ConcernFactory(report__booking=BookingFactory(borough=improvement.borough))

    with pytest.raises(TransitionNotAllowed, match="so nothing can join it"):
        accept_into_improvement(late, reload(improvement), by=inspector, version=0)

    assert reload(late).state == State.REPORTED


def test_answer_is_refused_if_a_concern_joined_meanwhile(improvement, inspector):
    opened = reload(improvement).version
    concern = ConcernFactory(report__booking=BookingFactory(borough=improvement.borough))
    accept_into_improvement(concern, reload(improvement), by=inspector, version=0)

    with pytest.raises(TransitionNotAllowed, match="Something new was said"):
        answer(improvement, inspector, version=opened)


def test_joining_is_refused_to_an_inspector_who_has_not_read_the_newest(improvement, officer, inspector):
    accepted = {"state": State.ACCEPTED, "owner": inspector, "review_date": REVIEW_DATE}
    concern = ConcernFactory(report__booking=make_completed_booking([officer], start_at=in_days(-9)), **accepted)
    concern.corrections.create(place="Elsewhere", text="Other words.")

    with pytest.raises(TransitionNotAllowed, match="Something new was said"):
        join_improvement(reload(concern), reload(improvement), by=inspector, version=0)


def test_withdrawn_concern_leaves_and_the_improvement_goes_on(improvement, maya, joan, officer, inspector):
    Concern.objects.filter(pk=maya.pk).update(report=joan.report)  # an officer wrote it down
    joan.report.by_officer = officer
    joan.report.save()

    withdraw_concern(reload(joan), version=0)
    answer(improvement, inspector)

    assert (reload(joan).state, reload(joan).improvement) == (State.WITHDRAWN, None)
    assert reload(improvement).state == State.RESOLVED


@pytest.mark.parametrize("state", sorted(set(State) - JOINED_STATES))
def test_database_allows_no_improvement_before_a_concern_is_accepted(state, improvement, maya):
    with pytest.raises(IntegrityError), transaction.atomic():
        Concern.objects.filter(pk=maya.pk).update(state=state, external_reference="1")


# --- Answers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", [State.PLANNED, State.IN_PROGRESS, State.PARTLY_RESOLVED, State.NO_ACTION])
def test_concerns_always_have_the_state_of_their_improvement(to, improvement, maya, joan, inspector):
    answer(improvement, inspector, to=to)

    assert states(maya, joan) == [to, to] == [reload(improvement).state] * 2


def test_only_its_inspectors_may_answer(improvement, officer, stranger, lead):
    for by in (officer, stranger, lead):
        with pytest.raises(PermissionDenied):
            answer(improvement, by)

    assert not Message.objects.exists()


def test_not_ours_needs_a_partner_that_has_answered(improvement, inspector):
    with pytest.raises(TransitionNotAllowed):
        answer(improvement, inspector, to=State.NOT_OURS, done_date=None)


def test_one_no_reopens_it_for_everyone_and_writes_to_nobody(improvement, maya, joan, inspector):
    nine = in_days(0, hour=9)
    with time_machine.travel(nine - datetime.timedelta(weeks=4), tick=False):
        answer(improvement, inspector)
    jobs.send_follow_up_questions(nine)
    asked = recipients(kind="follow_up_question")
    Message.objects.all().delete()
    question = FollowUpQuestion.objects.get(event__concern=maya)

    record_follow_up_answers(BookingRecipient(maya.report.booking), {question.pk: NO})

    assert asked == ["joan@example.com", "maya@example.com"]
    again = reload(improvement)
    assert (again.state, again.owner, again.review_date) == (State.ACCEPTED, inspector, london.today())
    assert [row.tags for row in Improvement.objects.for_list_page()] == [["Not better"]]
    assert states(maya, joan) == [State.ACCEPTED, State.ACCEPTED]
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_noes_at_once_reopen_it_once(improvement, maya, joan, inspector):
    nine = in_days(0, hour=9)
    with time_machine.travel(nine - datetime.timedelta(weeks=4), tick=False):
        answer(improvement, inspector)
    jobs.send_follow_up_questions(nine)
    questions = {concern: FollowUpQuestion.objects.get(event__concern=concern).pk for concern in (maya, joan)}

    def says_no(concern):
        record_follow_up_answers(BookingRecipient(reload(concern).report.booking), {questions[concern]: NO})

    thread = threading.Thread(target=lambda: (says_no(maya), connection.close()))
    with transaction.atomic():
        says_no(joan)
        thread.start()
        thread.join(timeout=0.5)
        waited = thread.is_alive()
    thread.join()

    opened = ImprovementEvent.objects.filter(improvement=improvement, from_state=State.RESOLVED)
    assert (waited, opened.count()) == (True, 1)
    assert {question.answer for question in FollowUpQuestion.objects.all()} == {FollowUpAnswer.NO}


# --- Who is told ------------------------------------------------------------------------------------------------------


def another_report_of(concern, **booking):
    """Return another accepted concern of the same woman, older than the first, in the same improvement."""
    other = ConcernFactory(
        report__booking=BookingFactory(borough=concern.report.borough, **booking),
        report__person_key=concern.report.person_key,
        reported_at=concern.reported_at - datetime.timedelta(days=1),
        state=State.ACCEPTED,
        owner=concern.owner,
        review_date=REVIEW_DATE,
    )
    Concern.objects.filter(pk=other.pk).update(improvement=reload(concern).improvement)
    return other


def test_woman_whose_newest_report_cannot_be_written_to_hears_about_another(improvement, maya, inspector):
    another_report_of(maya, contact__email="maya.two@example.com")
    maya.report.booking.contact.messages_stopped_at = timezone.now()
    maya.report.booking.contact.save()

    answer(improvement, inspector)

    assert recipients() == ["joan@example.com", "maya.two@example.com"]


def test_stranger_who_typed_her_address_does_not_get_her_message(improvement, maya, inspector, southwark):
    contact = make_place_report(southwark, email="maya@example.com", channel="discreet", is_confirmed=False)
    contact.report.concerns.update(
        improvement=improvement, state=State.ACCEPTED, owner=inspector, review_date=REVIEW_DATE
    )
    Message.objects.all().delete()

    answer(improvement, inspector)

    assert contact.report.person_key == maya.report.person_key
    assert recipients(kind="concern_answered") == ["joan@example.com", "maya@example.com"]
    assert "The lamp was mended." in message_to("maya@example.com")


def test_erased_concern_gets_no_new_words(improvement, maya, inspector):
    alone = ConcernFactory(
        report=maya.report, state=State.ACCEPTED, owner=inspector, review_date=REVIEW_DATE, erased_at=timezone.now()
    )

    answer_concern(alone, Answer(to=State.NO_ACTION, words="We can’t."), by=inspector, version=0)

    assert [event.to_requester for event in reload(alone).events.all()] == [""]


def test_one_who_joins_reads_what_was_said_last(improvement, inspector):
    for words, days in (("In March.", 100), ("In May.", 160)):
        day = london.today() + datetime.timedelta(days=days)
        answer(improvement, inspector, to=State.PLANNED, words=words, done_date=day, review_date=day)
    Message.objects.all().delete()
    concern = ConcernFactory(report__booking=BookingFactory(borough=improvement.borough))

    accept_into_improvement(concern, reload(improvement), by=inspector, version=0)

    assert "In May." in message_to("maya@example.com")


# --- Correcting an improvement ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "then"), [(State.ACCEPTED, State.ACCEPTED), (State.REFERRED, State.IN_PROGRESS)])
def test_concern_that_does_not_belong_leaves_and_goes_on_alone(state, then, improvement, maya, joan, inspector):
    if state == State.REFERRED:
        make_referral(reload(improvement))

    leave_improvement(reload(maya), by=inspector)

    assert (reload(maya).improvement, reload(maya).state) == (None, then)
    assert joined(improvement) == {joan}
    assert not Message.objects.exists()


def test_nobody_but_its_inspectors_takes_a_concern_out(improvement, maya, stranger):
    with pytest.raises(PermissionDenied):
        leave_improvement(reload(maya), by=stranger)


def test_details_and_review_date_are_corrected_without_a_message(improvement, maya, inspector):
    improvement = reload(improvement)
    day = london.today() + datetime.timedelta(days=9)
    details = dataclasses.replace(DETAILS, change="Mend both lamps", review_date=day)

    change_details(improvement, details, by=inspector, version=improvement.version)

    assert (reload(improvement).change, reload(maya).review_date) == ("Mend both lamps", day)
    assert not Message.objects.exists()


def test_inspector_opens_it_again_and_its_words_need_another_agreement(improvement, maya, inspector, lead):
    write(improvement, "The lamps work again.", inspector)
    approve(reload(improvement), "The lamps work again.", lead)
    answer(improvement, inspector)
    ended = reload(improvement)

    reopen_improvement(ended, because="It is dark again.", by=inspector, version=ended.version)

    again = reload(improvement)
    assert (again.state, reload(maya).state) == (State.ACCEPTED, State.ACCEPTED)
    answer(again, inspector)
    assert (reload(improvement).approved_by, list(Improvement.objects.published())) == (None, [])


def test_what_was_done_before_is_not_done_once_it_is_refused(improvement, inspector, lead):
    write(improvement, "The lamps work again.", inspector)
    approve(reload(improvement), "The lamps work again.", lead)
    answer(improvement, inspector)
    ended = reload(improvement)
    reopen_improvement(ended, because="It is dark again.", by=inspector, version=ended.version)

    answer(improvement, inspector, to=State.NO_ACTION, done_date=None)

    refused = reload(improvement)
    assert (refused.done_date, refused.approved_by, list(Improvement.objects.published())) == (None, None, [])


@time_machine.travel(london.to_instant(datetime.date(2026, 11, 11), datetime.time(12)), tick=False)
def test_nobody_sees_in_public_when_a_woman_said_that_it_is_not_better(improvement, inspector, lead):
    write(improvement, "The lamps work again.", inspector)
    approve(reload(improvement), "The lamps work again.", lead)
    answer(improvement, inspector)
    ended = reload(improvement)

    reopen_improvement(ended, because="She says no.", by=inspector, version=ended.version)

    shown = []
    for day in (datetime.date(2026, 11, 30), datetime.date(2026, 12, 1)):
        with time_machine.travel(london.to_instant(day, datetime.time(12)), tick=False):
            shown.append(list(Improvement.objects.published()))
    assert shown == [[improvement], []]


def test_correction_of_a_joined_concern_must_be_read_before_answering(improvement, maya, officer, inspector):
    maya.report.by_officer = officer
    maya.report.save()
    opened = reload(improvement).version

    correct_concern(reload(maya), Wording(place="The other lamp", text="It flickers."), version=0)

    with pytest.raises(TransitionNotAllowed, match="Something new was said"):
        answer(improvement, inspector, version=opened)


def test_improvement_begins_where_its_first_concern_stands(maya, joan, inspector):
    said = Answer(to=State.IN_PROGRESS, words="We’re on it.", review_date=REVIEW_DATE)
    answer_concern(maya, said, by=inspector, version=maya.version)

    made = make_improvement(
        DETAILS, borough=maya.borough, place=None, concerns=[maya, joan], by=inspector, version=reload(maya).version
    )

    assert [made.state, *states(maya, joan)] == [State.IN_PROGRESS] * 3


# --- Its owner --------------------------------------------------------------------------------------------------------


def test_woman_who_asked_to_be_deleted_is_neither_shown_nor_counted(improvement, maya, joan, as_inspector):
    page, to_answer = f"/staff/improvements/{improvement.pk}/", f"/staff/improvements/{improvement.pk}/answer/"
    before = as_inspector.get(page).text
    request_erasure(maya.report.booking)

    after = as_inspector.get(page)
    (listed,) = as_inspector.get("/staff/improvements/?show=all").context["improvements"]

    assert all(concern.reference in before for concern in (maya, joan))
    assert (maya.reference in after.text, joan.reference in after.text) == (False, True)
    assert (after.context["women"], after.context["told"], listed.women) == (1, 1, 1)
    assert as_inspector.get(to_answer).context["women"] == 1


def test_handing_over_takes_the_concerns_along_and_tells_the_new_owner(improvement, maya, joan, inspector, bcu):
    colleague = InspectorFactory(bcu=bcu)
    improvement = reload(improvement)

    hand_over_improvement(improvement, to=colleague, by=inspector, version=improvement.version)

    assert {each.owner for each in (reload(improvement), reload(maya), reload(joan))} == {colleague}
    assert recipients() == [colleague.email]


def test_nobody_who_was_on_a_walk_of_its_concerns_may_own_it(improvement, maya, inspector, bcu):
    colleague = InspectorFactory(bcu=bcu)
    walk = maya.report.walk
    walk.assignments.create(officer=colleague, period=walk.assignments.get().period)
    improvement = reload(improvement)

    with pytest.raises(ActionError, match="wasn’t on the walk"):
        hand_over_improvement(improvement, to=colleague, by=inspector, version=improvement.version)


def test_taking_works_only_while_it_is_nobodys(improvement, maya, inspector, bcu):
    colleague = InspectorFactory(bcu=bcu)
    with pytest.raises(ActionError, match="already owns this"):
        take_improvement(reload(improvement), by=colleague)
    inspector.is_active = False
    inspector.save()

    take_improvement(reload(improvement), by=colleague)

    assert (reload(improvement).owner, reload(maya).owner) == (colleague, colleague)


# --- Words for the public ---------------------------------------------------------------------------------------------


def write(improvement, words, by, map_place=""):
    improvement = reload(improvement)
    write_public_words(improvement, PublicWords(words, map_place), by=by, version=improvement.version)


def approve(improvement, words, by, map_place="", kind="lighting"):
    approve_public_words(improvement, read=PublicWords(words, map_place), kind=kind, by=by)


def test_words_are_published_once_a_lead_has_agreed_and_it_is_done(improvement, inspector, lead):
    write(improvement, "The lamps behind the library work again.", inspector)
    answer(improvement, inspector)
    before = list(Improvement.objects.published())

    approve(reload(improvement), "The lamps behind the library work again.", lead)

    assert (before, list(Improvement.objects.published())) == ([], [improvement])


def test_other_words_need_another_agreement(improvement, inspector, lead):
    write(improvement, "First words.", inspector)
    approve(reload(improvement), "First words.", lead)

    write(improvement, "Other words.", inspector)

    assert (reload(improvement).approved_by, reload(improvement).approved_at) == (None, None)
    with pytest.raises(ActionError, match="have changed"):
        approve(reload(improvement), "First words.", lead)


@pytest.mark.parametrize("read", [{"map_place": ""}, {"map_place": "Peckham Rye Park", "kind": "followed"}])
def test_lead_agrees_to_the_place_on_the_map_and_the_kind_too(improvement, inspector, lead, read):
    write(improvement, "Our words.", inspector, map_place="Peckham Rye Park")

    with pytest.raises(ActionError, match="have changed"):
        approve(reload(improvement), "Our words.", lead, **read)


def test_another_kind_needs_another_agreement(improvement, inspector, lead):
    write(improvement, "Our words.", inspector)
    approve(reload(improvement), "Our words.", lead)
    changed = reload(improvement)

    change_details(changed, dataclasses.replace(DETAILS, kind="followed"), by=inspector, version=changed.version)

    assert reload(improvement).approved_by is None


def test_form_offers_public_places_nearest_first_and_refuses_what_cannot_be_printed(
    client, improvement, inspector, southwark
):
    near = public_places(southwark.gss)[0]
    spot = ReportedPlace.objects.create(
        bcu=southwark.bcu, borough=southwark, lat=near.lat, lon=near.lon, name=str(near)
    )
    Improvement.objects.update(place=spot)
    client.force_login(inspector)
    page = reverse("improvements:public_words", args=[improvement.pk])

    shown = client.get(page)
    typed = {"words": "Brighter 🙂 lamps.", "map_place": str(near), "version": reload(improvement).version}
    refused = client.post(page, typed)

    assert list(dict(shown.context["form"].fields["map_place"].choices))[:2] == ["", str(near)]
    assert "We can’t print “🙂”" in refused.text
    assert "Brighter 🙂 lamps." in refused.text
    assert reload(improvement).public_words == ""


def test_nobody_but_a_lead_agrees_and_never_to_their_own_words(improvement, inspector, lead, stranger):
    write(improvement, "Our words.", inspector)
    for by in (inspector, stranger):
        with pytest.raises(PermissionDenied):
            approve(reload(improvement), "Our words.", by)
    Improvement.objects.update(words_by=lead)

    with pytest.raises(PermissionDenied):
        approve(reload(improvement), "Our words.", lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        Improvement.objects.update(approved_by=lead, approved_at=in_days(0))


def test_restricted_concerns_make_an_improvement_that_only_their_inspector_sees(stranger, inspector, southwark, lead):
    booking = BookingFactory(borough=southwark, nominated_inspector=stranger)
    concern = ConcernFactory(report__booking=booking, state=State.ACCEPTED, owner=stranger, review_date=REVIEW_DATE)

    made = make_improvement(DETAILS, borough=southwark, place=None, concerns=[concern], by=stranger, version=0)
    seen = [list(Improvement.objects.visible_to(user)) for user in (stranger, inspector, lead)]
    assert seen == [[made], [], []]
    with pytest.raises(PermissionDenied):
        write(made, "Words.", stranger)
