"""Owners of concerns: inspectors who can open the concern and were not on the walk. Each is told when she is chosen."""

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.notices.undelivered_to_staff import undelivered_staff_messages
from boroughs.models.officers import Officer
from feedback import jobs
from feedback.concerns.actions import Acceptance, accept_concern, accept_into_improvement
from feedback.models.concerns import Concern
from feedback.permissions import can_screen
from feedback.statuses import State
from outbox.models import Message
from tests.support.factories import BookingFactory, InspectorFactory
from tests.support.feedback_factories import REVIEW_DATE, ConcernFactory, ImprovementFactory, make_completed_booking
from walkandtalk.lib.errors import ActionError

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(bcu):
    return InspectorFactory(bcu=bcu, name="Cora Colleague")


def accept(concern, owner, *, by):
    accept_concern(concern, Acceptance(owner=owner, review_date=REVIEW_DATE), by=by)


def to_owners():
    return [message for message in Message.objects.order_by("number") if message.kind == "officer_concern_owner"]


def recipients():
    return [message.recipient for message in to_owners()]


@pytest.mark.parametrize("kept", [False, True], ids=["of the BCU", "restricted"])
def test_possible_owners_are_those_who_may_screen_it(
    kept, southwark, inspector, officer, second_officer, colleague, stranger, lead, administrator
):
    Officer.objects.create(email="gone@example.com", name="Gone", role="inspector", bcu=southwark.bcu, is_active=False)
    booking = make_completed_booking([officer, colleague], nominated_inspector=stranger if kept else None)
    concern = ConcernFactory(report__booking=booking)

    owners = set(concern.possible_owners())

    walkers = concern.officers_of_the_walk()
    assert owners == {each for each in Officer.objects.all() if can_screen(each, concern, walkers)}
    assert (stranger if kept else inspector) in owners
    assert owners <= {each for each in Officer.objects.all() if concern in Concern.objects.visible_to(each)}


def test_form_offers_only_possible_owners(as_inspector, inspector, officer, colleague, bcu):
    on_the_walk = InspectorFactory(bcu=bcu, name="Wanda Walker")
    concern = ConcernFactory(report__booking=make_completed_booking([officer, on_the_walk]))

    page = as_inspector.get(reverse("feedback:concern", args=[concern.pk])).text

    offered = [each.name for each in (inspector, colleague, on_the_walk, officer) if f">{each.display_name}<" in page]
    assert offered == [inspector.name, colleague.name]


@pytest.mark.parametrize("person", ["officer", "walker", "stranger", "inactive"])
def test_accept_concern_refused_for_an_owner_who_cannot_open_it_or_was_on_the_walk(
    person, inspector, officer, second_officer, colleague, stranger, bcu
):
    concern = ConcernFactory(report__booking=make_completed_booking([second_officer, colleague]))
    inactive = InspectorFactory(bcu=bcu, is_active=False)
    owner = {"officer": officer, "walker": colleague, "stranger": stranger, "inactive": inactive}[person]

    with pytest.raises(ActionError, match="Choose an inspector who can open this concern"):
        accept(concern, owner, by=inspector)

    assert Concern.objects.get().state == State.REPORTED
    assert recipients() == []


def test_owner_is_told_at_her_work_address_without_personal_details(inspector, colleague, southwark):
    concern = ConcernFactory()

    accept(concern, colleague, by=inspector)

    (told,) = to_owners()
    assert told.recipient == colleague.email
    assert f"/staff/concerns/{concern.pk}/" in told.text
    contact = concern.report.booking.contact
    hidden = [contact.name, contact.email, concern.place, concern.text, concern.kind_label, contact.meeting_place]
    assert all(hidden)
    assert not [each for each in hidden if each.lower() in (told.subject + told.text + told.html).lower()]


def test_owner_is_told_again_after_an_interlude(inspector, colleague, southwark):
    concern = ConcernFactory()
    accept(concern, colleague, by=inspector)
    Concern.objects.update(state=State.SCREENING)

    accept(Concern.objects.get(), colleague, by=inspector)

    assert recipients() == [colleague.email] * 2


def test_undelivered_message_to_an_owner_is_on_her_colleagues_list(inspector, colleague, southwark):
    accept(ConcernFactory(), colleague, by=inspector)
    Message.objects.filter(kind="officer_concern_owner").update(state="failed")

    news = undelivered_staff_messages(inspector, timezone.now())

    assert [row.officer for row in news] == [colleague]


def test_new_nominated_inspector_becomes_the_owner_and_is_told(southwark, stranger):
    booking = BookingFactory(borough=southwark, nominated_inspector=stranger)
    owned = {"state": State.ACCEPTED, "owner": stranger, "review_date": REVIEW_DATE}
    concern = ConcernFactory(report__booking=booking, **owned)
    ConcernFactory(report=concern.report, state=State.REPORTED)
    successor = InspectorFactory(bcu=stranger.bcu)
    booking.nominated_inspector = successor
    booking.save()

    jobs.reassign_concerns(timezone.now())

    concern.refresh_from_db()
    assert concern.owner == successor
    assert recipients() == [successor.email]


def test_joining_refused_if_the_owner_of_the_improvement_was_on_this_walk(inspector, officer, colleague):
    concern = ConcernFactory(report__booking=make_completed_booking([officer, colleague]))
    improvement = ImprovementFactory(borough=concern.report.booking.borough, owner=colleague)

    with pytest.raises(ActionError, match="was on this walk"):
        accept_into_improvement(concern, improvement, by=inspector, version=0)

    concern.refresh_from_db()
    assert (concern.state, concern.improvement) == (State.REPORTED, None)
