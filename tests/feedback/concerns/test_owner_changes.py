"""An inspector takes a concern, or hands it over. It is nobody's once she has left the BCU."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from boroughs.models.officers import Officer
from feedback.answers.actions import record_follow_up_answers
from feedback.concerns.actions import Acceptance, accept_concern, hand_over_concern, take_concern
from feedback.locks import lock_concern
from feedback.models.concerns import UNOWNED, Concern
from feedback.models.events import ConcernEvent
from feedback.recipients import BookingRecipient
from feedback.statuses import ACTIVE_STATES, UNSETTLED_STATES, State
from outbox.models import Message
from tests.support.concurrency import run_concurrently
from tests.support.factories import BookingFactory, InspectorFactory
from tests.support.feedback_factories import REVIEW_DATE, ConcernFactory, ImprovementFactory, make_completed_booking
from tests.support.lock_waits import press_while_locked
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed

pytestmark = pytest.mark.django_db

OWNED = {"state": State.ACCEPTED, "review_date": REVIEW_DATE}


@pytest.fixture
def colleague(bcu):
    return InspectorFactory(bcu=bcu, name="Cora Colleague")


def internal_texts(concern):
    return [event.internal for event in concern.events.all()]


def test_take_concern_makes_her_its_owner_with_an_event(inspector, southwark):
    concern = ConcernFactory()

    take_concern(concern, by=inspector)
    take_concern(concern, by=inspector)

    concern.refresh_from_db()
    assert (concern.owner, concern.state) == (inspector, State.REPORTED)
    assert internal_texts(concern) == [f"{inspector.display_name} took it."]
    assert not Message.objects.exists()


def test_take_concern_refused_if_a_colleague_owns_it(inspector, colleague, southwark):
    concern = ConcernFactory(owner=colleague)

    with pytest.raises(ActionError, match="Cora Colleague already owns this"):
        take_concern(concern, by=inspector)

    assert Concern.objects.get().owner == colleague


def test_concern_of_somebody_who_left_the_bcu_can_be_taken(inspector, colleague, southwark, camden):
    concern = ConcernFactory(owner=colleague, **OWNED)
    colleague.bcu = camden.bcu
    colleague.save()

    take_concern(concern, by=inspector)

    assert Concern.objects.get().owner == inspector


@pytest.mark.parametrize("person", ["on the walk", "stranger", "officer", "lead"])
def test_take_concern_refused_to_others(person, request, officer, bcu):
    walker = InspectorFactory(bcu=bcu)
    concern = ConcernFactory(report__booking=make_completed_booking([officer, walker]))
    by = walker if person == "on the walk" else request.getfixturevalue(person)

    with pytest.raises(PermissionDenied):
        take_concern(concern, by=by)


@pytest.mark.parametrize("state", sorted(set(State) - UNSETTLED_STATES))
def test_owner_stays_once_the_concern_is_settled(state, inspector, colleague, southwark):
    joined = ImprovementFactory(state=state) if state == State.NOT_OURS else None
    concern = ConcernFactory(state=state, external_reference="1", improvement=joined)

    for act in (
        lambda: take_concern(concern, by=inspector),
        lambda: hand_over_concern(concern, to=colleague, by=inspector, version=concern.version),
    ):
        with pytest.raises(TransitionNotAllowed):
            act()

    assert Concern.objects.get(pk=concern.pk).owner is None


@pytest.mark.parametrize("state", sorted(UNSETTLED_STATES - {State.REFERRED}))
def test_hand_over_concern_tells_the_new_owner(state, inspector, colleague, southwark):
    day = REVIEW_DATE if state in ACTIVE_STATES else None
    concern = ConcernFactory(state=state, owner=inspector, review_date=day)

    hand_over_concern(concern, to=colleague, by=inspector, version=0)

    concern.refresh_from_db()
    (told,) = Message.objects.all()
    assert (concern.owner, concern.state) == (colleague, state)
    assert internal_texts(concern) == [f"Handed over to {colleague.display_name}."]
    assert told.recipient == colleague.email
    assert ("Look at it again by" in told.text) is (day is not None)
    assert ("Please check it" in told.text) is (day is None)


def test_inspector_hands_over_to_herself_the_concern_of_a_colleague_who_is_away(inspector, colleague, southwark):
    concern = ConcernFactory(owner=colleague, **OWNED)

    hand_over_concern(concern, to=inspector, by=inspector, version=0)

    assert Concern.objects.get().owner == inspector
    assert not Message.objects.exists()


@pytest.mark.parametrize("person", ["on the walk", "stranger", "officer"])
def test_hand_over_concern_refused_for_one_who_cannot_own_it(person, request, inspector, officer, bcu):
    walker = InspectorFactory(bcu=bcu)
    concern = ConcernFactory(report__booking=make_completed_booking([officer, walker]))
    to = walker if person == "on the walk" else request.getfixturevalue(person)

    with pytest.raises(ActionError, match="Choose an inspector"):
        hand_over_concern(concern, to=to, by=inspector, version=0)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_at_the_same_moment_one_owns_it(inspector, colleague, southwark):
    concern = ConcernFactory()

    def take(by):
        try:
            take_concern(Concern.objects.get(pk=concern.pk), by=by)
        except ActionError as refused:
            return str(refused)
        return by

    results = run_concurrently(lambda: take(inspector), lambda: take(colleague))

    concern.refresh_from_db()
    assert concern.owner in results
    assert [result for result in results if isinstance(result, str)] == [
        f"{concern.owner.display_name} already owns this. Ask first, then hand it over to yourself."
    ]
    assert concern.events.count() == 1


@pytest.mark.django_db(transaction=True)
def test_hand_over_that_waited_for_another_is_a_conflict(as_inspector, inspector, colleague, southwark):
    concern = ConcernFactory(owner=inspector, **OWNED)
    other = InspectorFactory(bcu=inspector.bcu, name="Olga Other")
    address = reverse("feedback:hand_over", args=[concern.pk])

    response = press_while_locked(
        lambda: as_inspector.post(address, {"owner": colleague.pk, "version": 0}),
        lock=lambda: lock_concern(concern),
        act=lambda: hand_over_concern(concern, to=other, by=inspector, version=0),
    )

    assert response.status_code == 409
    assert "Something new was said or done" in response.text
    assert Concern.objects.get().owner == other


@pytest.mark.parametrize("kept", [False, True], ids=["of the BCU", "restricted"])
@pytest.mark.parametrize("owner", ["nobody", "inspector", "colleague", "stranger", "officer", "inactive"])
def test_query_and_row_agree_on_who_owns_it(owner, kept, request, southwark, stranger, bcu):
    people = {
        "nobody": lambda: None,
        "inactive": lambda: InspectorFactory(bcu=bcu, is_active=False),
    }
    who = people[owner]() if owner in people else request.getfixturevalue(owner)
    booking = BookingFactory(borough=southwark, nominated_inspector=stranger if kept else None)
    concern = ConcernFactory(report__booking=booking, owner=who)

    row = Concern.objects.select_related("owner").get()

    may_own = {"stranger"} if kept else {"inspector", "colleague"}
    assert (row.current_owner is not None) is (owner in may_own)
    assert Concern.objects.filter(UNOWNED).contains(concern) is (row.current_owner is None)


def test_buttons_take_it_and_hand_it_over(as_inspector, inspector, colleague, southwark):
    concern = ConcernFactory()
    page = reverse("feedback:concern", args=[concern.pk])

    taken = as_inspector.post(f"{page}take/", follow=True)
    handed = as_inspector.post(f"{page}hand-over/", {"owner": colleague.pk, "version": 1}, follow=True)

    assert "Assigned to you." in taken.text
    assert "Owner: <strong>you</strong>" in " ".join(taken.text.split())
    assert f"{colleague.display_name} looks after it now." in handed.text


def test_button_says_who_was_first(as_inspector, colleague, southwark):
    concern = ConcernFactory(owner=colleague)

    response = as_inspector.post(reverse("feedback:take", args=[concern.pk]), follow=True)

    assert "Cora Colleague already owns this" in response.text


def test_owner_who_takes_it_before_the_check_is_the_first_choice_when_it_is_accepted(
    as_inspector, colleague, southwark
):
    concern = ConcernFactory(owner=colleague)

    form = as_inspector.get(reverse("feedback:concern", args=[concern.pk])).context["form"]

    assert form["owner"].value() == colleague.pk


def test_owner_is_in_the_way_of_no_other_step(inspector, colleague, southwark):
    concern = ConcernFactory()
    take_concern(concern, by=inspector)

    accept_concern(concern, Acceptance(owner=colleague, review_date=REVIEW_DATE), by=inspector)
    record_follow_up_answers(BookingRecipient(concern.report.booking), {})

    assert Concern.objects.get().owner == colleague
    assert not ConcernEvent.objects.due_for_follow_up(concern.reported_at).exists()


def test_page_without_another_inspector_says_what_to_do(as_inspector, inspector, southwark):
    concern = ConcernFactory(owner=inspector, **OWNED)

    Officer.objects.exclude(pk=inspector.pk).update(is_active=False)

    assert "Ask your administrator to add one." in " ".join(
        as_inspector.get(reverse("feedback:hand_over", args=[concern.pk])).text.split()
    )
