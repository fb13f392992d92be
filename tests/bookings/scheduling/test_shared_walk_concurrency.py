"""Concurrent actions on a shared walk."""

import pytest
from django.test import Client
from django.urls import reverse

from bookings.models.bookings import Booking
from bookings.scheduling.cancellation.actions import Cancellation, cancel_walk_of_booking
from bookings.scheduling.changes.actions import WalkChange, change_walk
from bookings.scheduling.shared_walks.actions import answer_sharing_consent
from bookings.statuses import CancelReason, Status
from tests.support.concurrency import run_concurrently
from tests.support.factories import BookingFactory, scheduled_booking
from tests.support.shared_walks import consent_to_sharing, offer_place_on_walk
from tests.support.world import token_for
from walkandtalk.lib.errors import ActionError
from walks.models.walks import Walk

pytestmark = pytest.mark.django_db(transaction=True)


def test_last_place_goes_to_one_requester_and_the_other_is_told_why(southwark, team, inspector, client):
    first = scheduled_booking(team, borough=southwark)
    consent_to_sharing(first)
    Walk.objects.update(capacity=2)
    bookings = [BookingFactory(borough=southwark) for _ in range(2)]
    presses = [_press(booking, offer_place_on_walk(booking, first.walk, inspector)) for booking in bookings]

    answers = run_concurrently(*presses)

    assert sorted(answer.status_code for answer in answers) == [302, 409]
    assert "this place isn’t free any more." in next(a.text for a in answers if a.status_code == 409)
    assert sorted(Booking.objects.exclude(pk=first.pk).values_list("status", flat=True)) == ["scheduled", "waiting"]


def _press(booking, offer):
    path = reverse("manage:answer_offer", args=[token_for(booking)])
    return lambda: Client().post(path, {"choice": str(offer.pk), "of": str(offer.pk)})


def one_after_the_other(*presses):
    return [press() for press in presses]


@pytest.mark.parametrize("change", ["cancel", "move", "no"])
@pytest.mark.parametrize("yes_first", [True, False])
@pytest.mark.parametrize("press_all", [run_concurrently, one_after_the_other])
def test_concurrent_acceptance_and_change_have_the_same_result_as_one_after_the_other(
    press_all, yes_first, change, southwark, team, inspector, plan
):
    first = scheduled_booking(team, borough=southwark)
    consent_to_sharing(first)
    waiting = BookingFactory(borough=southwark)
    offer = offer_place_on_walk(waiting, first.walk, inspector)
    actions = {
        "cancel": lambda: cancel_walk_of_booking(
            Booking.objects.get(pk=first.pk), Cancellation(reason=CancelReason.OTHER), by=inspector, version=1
        ),
        "move": lambda: change_walk(Walk.objects.get(), WalkChange(plan=plan, officers=team), by=inspector, version=1),
        "no": lambda: answer_sharing_consent(Booking.objects.get(pk=first.pk), may_join=False),
    }

    def act():
        try:
            actions[change]()
        except ActionError as error:
            return str(error)
        return "done"

    yes = _press(waiting, offer)
    answers = press_all(*([yes, act] if yes_first else [act, yes]))

    [answer] = [result for result in answers if not isinstance(result, str)]
    [refusal] = [result for result in answers if isinstance(result, str)]
    waiting.refresh_from_db()
    if answer.status_code == 302:  # the yes came first, so the inspector has to look at who is on the walk now
        assert (waiting.status, refusal == "done") == (Status.SCHEDULED, change == "no")
    else:
        assert (answer.status_code, waiting.status, refusal) == (409, Status.WAITING, "done")
    assert not waiting.offers.open().exists()
