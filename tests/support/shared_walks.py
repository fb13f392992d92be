"""Walks that several requesters share."""

from django.utils import timezone

from bookings.notices.walk_card import WalkCard
from bookings.scheduling.shared_walks import places
from bookings.statuses import ConsentAnswer
from tests.support.factories import SharingConsentFactory


def consent_to_sharing(booking):
    """Record that the requester agrees that others may join her walk."""
    SharingConsentFactory(booking=booking, answer=ConsentAnswer.YES, answered_at=timezone.now())


def offer_place_on_walk(booking, walk, inspector):
    """Offer the requester a place on this walk, and return the offer."""
    booking.refresh_from_db()
    place = places.PlaceOffer(walk=walk, place="Peckham")
    places.offer_place_on_walk(booking, place, by=inspector, version=booking.version)
    return booking.offers.open().get()


def join_walk(booking, walk, inspector):
    """Offer the requester a place on this walk and accept it for her."""
    places.accept_place(booking, offer=offer_place_on_walk(booking, walk, inspector).pk)
    return booking


def read_also_coming(booking):
    """Return the "Also coming" line of the walk card."""
    booking.refresh_from_db()
    return next(line.text for line in WalkCard.of(booking).lines() if line.name == "also_coming")
