"""An offer that is withdrawn while the requester accepts it."""

from threading import Thread

import pytest
from django.db import connection, transaction

from bookings.models.bookings import Booking
from bookings.models.offers import Offer
from bookings.scheduling.offers.actions import accept_offer, withdraw_offers
from bookings.statuses import OfferAnswer
from tests.support.factories import BookingFactory
from tests.support.lock_waits import wait_for_blocked_session
from tests.support.offers import make_offers
from walkandtalk.lib.errors import ActionError

pytestmark = pytest.mark.django_db(transaction=True)


def test_withdrawing_during_an_acceptance_waits_and_is_refused(southwark, inspector):
    booking = BookingFactory(borough=southwark)
    (one,) = make_offers(booking, inspector, 8)
    outcome = []

    def take_back():
        try:
            outdated = Booking.objects.get(pk=booking.pk)
            withdraw_offers(outdated, by=inspector, version=outdated.version)
        except ActionError as error:
            outcome.append(str(error))
        finally:
            connection.close()

    thread = Thread(target=take_back)
    with transaction.atomic():
        accept_offer(Booking.objects.get(), offer=one.pk)
        thread.start()
        wait_for_blocked_session()
    thread.join()

    assert "“Accepted an offer”" in outcome[0]
    assert Offer.objects.get().answer == OfferAnswer.YES
