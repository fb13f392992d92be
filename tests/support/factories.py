"""Factories with unsurprising defaults. A test sets every value that it depends on."""

import datetime
import uuid

import factory
from django.utils import timezone
from django.utils.text import slugify
from factory.django import DjangoModelFactory

from bookings.models.acknowledgements import Acknowledgement
from bookings.models.adjustments import Adjustment
from bookings.models.bookings import Booking
from bookings.models.claims import Claim
from bookings.models.contacts import BookingContact
from bookings.models.offers import Offer
from bookings.models.preferred_times import PreferredTime
from bookings.models.response_targets import ResponseTarget
from bookings.models.safeguarding import SafeguardingFlag
from bookings.models.sharing import Guest, SharingConsent
from bookings.response_targets import first_read_due_at
from bookings.scheduling.adjustments import ArrangedAdjustment
from bookings.statuses import Channel, Status
from boroughs.models.bcus import Borough, BoroughCommandUnit, Ward
from boroughs.models.officers import Officer, Rank
from walkandtalk.lib import london, tokens
from walks.models.recurring_walks import RecurringWalk
from walks.models.walks import Assignment, Walk

PASSWORD = "correct horse battery staple"


def in_days(days, hour=18, minute=30):
    """Return the instant that many days from today, at this time in London."""
    return london.to_instant(london.today() + datetime.timedelta(days=days), datetime.time(hour, minute))


class BCUFactory(DjangoModelFactory):
    class Meta:
        model = BoroughCommandUnit
        django_get_or_create = ("code",)

    code = "AS"
    name = "Central South"
    slug = factory.LazyAttribute(lambda bcu: slugify(bcu.name))
    inbox = factory.LazyAttribute(lambda bcu: f"{bcu.code.lower()}@example.com")
    duty_number = "020 7946 0101"


class BoroughFactory(DjangoModelFactory):
    class Meta:
        model = Borough
        django_get_or_create = ("gss",)

    gss = "E09000028"
    slug = "southwark"
    name = "Southwark"
    bcu = factory.SubFactory(BCUFactory)


class WardFactory(DjangoModelFactory):
    class Meta:
        model = Ward
        django_get_or_create = ("gss",)

    gss = "E05011107"
    name = "Nunhead & Queen's Road"
    borough = factory.SubFactory(BoroughFactory)


class OfficerFactory(DjangoModelFactory):
    class Meta:
        model = Officer
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"officer{n}@example.com")
    name = factory.Sequence(lambda n: f"Ada Example{n}")
    rank = Rank.PC
    # Numbers repeat after 9,900, because a long run makes more officers. No two officers in a test share one.
    shoulder_number = factory.Sequence(lambda n: f"{n % 9900 + 100}AS")
    bcu = factory.SubFactory(BCUFactory)
    role = Officer.Role.OFFICER
    leads_walks = factory.LazyAttribute(lambda officer: officer.role == Officer.Role.OFFICER)
    password = factory.django.Password(PASSWORD)


class InspectorFactory(OfficerFactory):
    rank = Rank.INSPECTOR
    shoulder_number = ""
    role = Officer.Role.INSPECTOR
    leads_walks = False


class BookingFactory(DjangoModelFactory):
    class Meta:
        model = Booking
        skip_postgeneration_save = True

    borough = factory.SubFactory(BoroughFactory)
    bcu = factory.SelfAttribute("borough.bcu")
    status = Status.WAITING
    confirmed_at = factory.LazyFunction(timezone.now)
    asked_at = factory.LazyFunction(timezone.now)
    unconfirmed_since = factory.SelfAttribute("asked_at")
    walk_needed_at = factory.LazyFunction(lambda: in_days(10))
    answer_due_at = factory.LazyAttribute(lambda booking: booking.walk_needed_at - datetime.timedelta(days=5))
    channel = Channel.FULL
    draft_uuid = factory.LazyFunction(uuid.uuid4)
    contact = factory.RelatedFactory("tests.support.factories.ContactFactory", factory_related_name="booking")
    response_target = factory.RelatedFactory(
        "tests.support.factories.ResponseTargetFactory", factory_related_name="booking"
    )
    acknowledgement = factory.RelatedFactory(
        "tests.support.factories.AcknowledgementFactory", factory_related_name="booking"
    )
    preferred_time = factory.RelatedFactory(
        "tests.support.factories.PreferredTimeFactory", factory_related_name="booking"
    )


class ResponseTargetFactory(DjangoModelFactory):
    class Meta:
        model = ResponseTarget

    booking = factory.SubFactory(BookingFactory, response_target=None)
    first_read_due_at = factory.LazyAttribute(lambda target: first_read_due_at(target.booking.asked_at))


class AcknowledgementFactory(DjangoModelFactory):
    class Meta:
        model = Acknowledgement

    booking = factory.SubFactory(BookingFactory, acknowledgement=None)


class ClaimFactory(DjangoModelFactory):
    class Meta:
        model = Claim

    booking = factory.SubFactory(BookingFactory)
    officer = factory.SubFactory(InspectorFactory, bcu=factory.SelfAttribute("..booking.bcu"))


class SafeguardingFlagFactory(DjangoModelFactory):
    class Meta:
        model = SafeguardingFlag

    booking = factory.SubFactory(BookingFactory)
    by = factory.SubFactory(InspectorFactory, bcu=factory.SelfAttribute("..booking.bcu"))


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = BookingContact
        skip_postgeneration_save = True

    booking = factory.SubFactory(BookingFactory, contact=None)
    name = "Maya Example"
    email = "maya@example.com"
    email_hmac = factory.LazyAttribute(lambda contact: tokens.index_hmac(contact.email))
    phone = "07700 900123"
    phone_rules = ["text"]
    phone_times = "after 5pm"
    meeting_place = "Peckham Rye station, main entrance"
    needs = ["step_free"]
    needs_details = "I use a stick."
    pin_hmac = factory.LazyAttribute(lambda contact: tokens.pin_hmac(contact.booking.pk, "402817"))

    @factory.post_generation
    def adjustments_by(self, create, officer, **kwargs):
        """Arrange the requester's needs, by this officer or a new inspector of the BCU. `False` arranges nothing."""
        if officer is not False and self.needs_to_arrange():
            by = officer or InspectorFactory(bcu=self.booking.bcu)
            for need in self.needs_to_arrange():
                Adjustment.objects.create(booking=self.booking, need=need, how="Walked by Sergeant Stone", by=by)


class PreferredTimeFactory(DjangoModelFactory):
    class Meta:
        model = PreferredTime

    booking = factory.SubFactory(BookingFactory, preferred_time=None)
    rank = 1
    date = factory.LazyAttribute(lambda preferred_time: london.local(preferred_time.booking.walk_needed_at).date())
    start = factory.LazyAttribute(lambda preferred_time: london.local(preferred_time.booking.walk_needed_at).time())


class OfferFactory(DjangoModelFactory):
    """An open offer that the requester can answer."""

    class Meta:
        model = Offer

    booking = factory.SubFactory(BookingFactory, status=Status.OFFERED)
    round = 1
    rank = 1
    start_at = factory.LazyFunction(lambda: in_days(12))
    place = "Peckham Rye"
    by = factory.SubFactory("tests.support.factories.InspectorFactory", bcu=factory.SelfAttribute("..booking.bcu"))
    expires_at = factory.LazyFunction(lambda: in_days(3))


class WalkFactory(DjangoModelFactory):
    """A walk with its officers: `WalkFactory(officers=[a, b])`."""

    class Meta:
        model = Walk
        skip_postgeneration_save = True

    bcu = factory.SubFactory(BCUFactory)
    start_at = factory.LazyFunction(lambda: in_days(10))
    minutes = 60
    meeting_place = "Peckham Rye station, by the flower stall"
    finish_place = "Back at the start"
    duty_number = "020 7946 0101"
    officers_phrase = "green lantern"
    requester_phrase = "silver river"

    @factory.post_generation
    def officers(self, create, officers, **kwargs):
        for officer in officers or ():
            Assignment.objects.create(walk=self, officer=officer, period=self.period())


class SharingConsentFactory(DjangoModelFactory):
    """A requester who has been asked whether others may join her walk, and has not answered."""

    class Meta:
        model = SharingConsent

    booking = factory.SubFactory(BookingFactory)
    walk = factory.LazyAttribute(lambda consent: consent.booking.walk)


class GuestFactory(DjangoModelFactory):
    """A guest not yet accepted by every requester on the walk."""

    class Meta:
        model = Guest

    walk = factory.SubFactory(WalkFactory)
    name = "Amira Khan"
    role = "chair of the ward panel"
    organisation = "Safer Neighbourhood Board"
    by = factory.SubFactory(InspectorFactory, bcu=factory.SelfAttribute("..walk.bcu"))


class RecurringWalkFactory(DjangoModelFactory):
    """A walk every Thursday at 7pm: `RecurringWalkFactory(officers=[a, b])`."""

    class Meta:
        model = RecurringWalk
        skip_postgeneration_save = True

    bcu = factory.SubFactory(BCUFactory)
    weekday = 3
    start = datetime.time(19)
    minutes = 60
    area = "Nunhead"
    meeting_place = "Nunhead station"
    finish_place = "Back at the start"
    duty_number = "020 7946 0101"
    capacity = 4
    from_date = factory.LazyFunction(london.today)
    by = factory.SubFactory(InspectorFactory, bcu=factory.SelfAttribute("..bcu"))

    @factory.post_generation
    def officers(self, create, officers, **kwargs):
        self.officers.set(officers or ())


def scheduled_booking(officers, **fields):
    """Make a booking with a walk that has these officers."""
    walk = fields.pop("walk", None) or WalkFactory(bcu=officers[0].bcu, officers=officers)
    return BookingFactory(status=Status.SCHEDULED, walk=walk, walk_needed_at=walk.start_at, **fields)


def confirmed_adjustments(*bookings):
    """Return the argument of `change_walk` that keeps all adjustments of these bookings."""
    return {
        booking.pk: [
            ArrangedAdjustment(need=row.need, how=row.how, agreed_otherwise=row.agreed_otherwise)
            for row in booking.adjustments.all()
        ]
        for booking in bookings
    }
