"""A requester with a different word in every field that we hold about her, and where each may appear."""

import uuid

from django.apps import apps

from bookings.events import record
from bookings.models.adjustments import Adjustment
from bookings.models.contacts import BookingContact
from bookings.models.links import Link
from bookings.models.offers import Offer
from bookings.models.read_log import ReadLog
from bookings.notices.threads import officer_thread, requester_thread
from bookings.statuses import ConsentAnswer, EventKind, GuestState, Need, OfferAnswer
from feedback.models.concerns import Correction
from feedback.models.events import ConcernEvent
from feedback.models.notes import WalkNote
from feedback.statuses import State
from outbox.models import Message
from tests.support.factories import (
    ClaimFactory,
    GuestFactory,
    InspectorFactory,
    SafeguardingFlagFactory,
    SharingConsentFactory,
    in_days,
)
from tests.support.feedback_factories import ConcernFactory, make_completed_booking
from walkandtalk.lib import tokens
from walkandtalk.lib.fields import EncryptedField

HERS = {
    "Message.subject",
    "Message.text",
    "Walk.meeting_place",
    "Walk.finish_place",
    "Walk.map_coordinates",
    "Walk.officers_phrase",
    "Walk.requester_phrase",
    "BookingContact.name",
    "BookingContact.email",
    "BookingContact.phone",
    "BookingContact.phone_rules",
    "BookingContact.phone_times",
    "BookingContact.meeting_place",
    "BookingContact.previous_meeting_place",
    "BookingContact.map_coordinates",
    "BookingContact.needs",
    "BookingContact.needs_details",
    "BookingContact.route",
    "BookingContact.about",
    "BookingContact.language",
    "Adjustment.need",
    "Adjustment.how",
    "Offer.place",
    "Guest.name",
    "Guest.role",
    "Guest.organisation",
    "TeamMessage.words",
    "Concern.place",
    "Concern.text",
    "Correction.place",
    "Correction.text",
    "ConcernEventTexts.to_requester",
    "WalkNote.agreed",
}
"""In the copy."""
HERS_IN_OTHER_WORDS = {
    "EventNote.text",  # by kind
    "BookingContact.cancelled_meeting_place",  # as the place of a walk that was cancelled
    "BookingContact.booking",
    "BookingContact.companions",
    "BookingContact.may_share_with_partners",
    "BookingContact.accompanied",
    "BookingContact.pin_hmac",  # set or not
    "BookingContact.one_time_pin_hmac",
    "BookingContact.weekday_evenings",
    "BookingContact.weekends",
    "BookingContact.inbox_unsafe_at",
    "BookingContact.messages_stopped_at",
    "BookingContact.address_unconfirmed_since",
}
"""In the copy as yes, no, a number or a time, or in another test."""
OF_STAFF = {"ConcernEventTexts.internal", "WalkNote.words", "WalkNote.noted"}
"""Only with staff notes."""
NOT_ABOUT_HER = {
    "Message.recipient",  # her address, which is in the copy anyway
    "Message.html",  # says the same as the text
    "Message.attachments",  # the calendar entry says what the card says
    "WalkAnswers.sealed_totals",  # totals of all women
    "ImprovementEventTexts.to_requesters",  # the same words are in the event of her concern
    "ImprovementEventTexts.internal",  # of a place, for colleagues
    "ReferralAnswerWords.words",  # what a partner says of a place
    "RecurringWalk.area",
    "RecurringWalk.meeting_place",
    "RecurringWalk.finish_place",
    "RecurringWalkEventNote.text",
    "Draft.answers",  # not sent, and nothing leads from it to her
    "LinkRequest.reference",  # deleted within seconds
    "ReportContact.email",  # of someone without a booking, who reads and deletes all of it on her own page
    "Message.unsubscribe_url",  # of messages to followers
    "Follower.email",  # of someone without a booking, who deletes it with the link in each email
    "Follower.token",
    "ResetRequest.email",  # an address of staff, deleted within seconds
    "BookingContact.email_hmac",  # a hash to find her address by
    "BookingContact.older_email_hmac",
    "BookingContact.unsafe_email_hmac",
    "BookingContact.name_keys",  # numbers to find her name and place by
    "BookingContact.place_keys",
    "Approval.email",  # her address, or one that was never used
    "Approval.place",  # in the note of the event that follows
    "BookingContact.one_time_pin_expires_at",
    "BookingContact.calendar_uid",
    "BookingContact.calendar_sequence",
    # What a partner is sent is in our words and names nobody (docs/rules.md#partners).
    "Partner.api_key",
    "Open311Request.map_point",
    "Open311Request.description",
    "Open311Request.lamp_number",
    "Open311Request.remote_notes",
}
"""In neither."""

HER_POINT, OFFICERS_POINT = [51.47137, -0.06718], [51.47211, -0.06593]
SEEN_AS = {
    "Walk.map_coordinates": "51.47211, -0.06593",
    "BookingContact.map_coordinates": "51.47137, -0.06718",
    "BookingContact.phone_rules": "You can text me",
    "BookingContact.needs": "Lipreading",
    "BookingContact.about": "People",
    "BookingContact.language": "en-gb-canary",
    "Adjustment.need": "Lipreading",
    "BookingContact.email": "contact.email@canary.example.com",
    "BookingContact.phone": "07700 900876",
    "WalkNote.noted": "She would like another walk",
}


def personal_fields():
    """Return every encrypted field of every model, and every field of the requester's contact."""
    sealed = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.fields
        if isinstance(field, EncryptedField)
    }
    return sealed | {f"BookingContact.{field.name}" for field in BookingContact._meta.fields}


def canary(name):
    return SEEN_AS.get(name, f"canary {name.replace('.', ' ').lower()}")


def words_of(model, *names):
    return {name: canary(f"{model}.{name}") for name in names}


def make_canary_scene(southwark, team, inspector):
    """Make a requester who has walked, with a canary in every field."""
    booking = make_completed_booking(team, borough=southwark)
    _fill_contact(booking)
    walk = booking.walk
    for name in ("meeting_place", "finish_place", "officers_phrase", "requester_phrase"):
        setattr(walk, name, canary(f"Walk.{name}"))
    walk.map_coordinates = OFFICERS_POINT
    walk.save()
    _fill_history(booking, team, inspector)
    _fill_feedback(booking, team)
    _fill_messages(booking, team)
    return booking


def _fill_contact(booking):
    contact = booking.contact
    texts = ("name", "meeting_place", "previous_meeting_place", "needs_details", "route", "phone_times")
    for name in (*texts, "email", "phone", "language"):
        setattr(contact, name, canary(f"BookingContact.{name}"))
    contact.email_hmac = tokens.index_hmac(contact.email)
    contact.phone_rules, contact.needs, contact.about = ["text"], [Need.LIPREADING], ["people"]
    contact.map_coordinates = HER_POINT
    contact.save()
    booking.adjustments.all().delete()


def _fill_history(booking, team, inspector):
    Adjustment.objects.create(booking=booking, need=Need.LIPREADING, how=canary("Adjustment.how"), by=inspector)
    answered = {"answer": OfferAnswer.NO, "answered_at": in_days(-5)}
    Offer.objects.create(
        booking=booking,
        round=1,
        rank=1,
        start_at=in_days(-2),
        place=canary("Offer.place"),
        by=inspector,
        expires_at=in_days(-4),
        **answered,
    )
    guest = GuestFactory(
        walk=booking.walk, state=GuestState.COMING, **words_of("Guest", "name", "role", "organisation")
    )
    yes = {"answer": ConsentAnswer.YES, "answered_at": in_days(-3)}
    SharingConsentFactory(booking=booking, walk=booking.walk, guest=guest, **yes)
    for kind in EventKind:
        record(kind, booking=booking, note=f"canary note of {kind.value}", by=inspector)
    ClaimFactory(booking=booking, officer=InspectorFactory(bcu=booking.bcu, name="Canary Claimer"))
    SafeguardingFlagFactory(booking=booking, by=InspectorFactory(bcu=booking.bcu, name="Canary Safeguarder"))
    booking.team_messages.create(words=canary("TeamMessage.words"))
    reader = InspectorFactory(bcu=booking.bcu, name="Canary Reader")
    ReadLog.objects.create(officer=reader, booking=booking, kinds=["page"])


def _fill_feedback(booking, team):
    concern = ConcernFactory(report__booking=booking, **words_of("Concern", "place", "text"))
    ConcernEvent.objects.record(
        concern, to_state=State.ACCEPTED, **words_of("ConcernEventTexts", "to_requester", "internal")
    )
    noted = {"report__booking": booking, "report__by_officer": team[0]}
    of_an_officer = ConcernFactory(**noted, text="canary noted by an officer")
    Correction.objects.create(concern=of_an_officer, **words_of("Correction", "place", "text"))
    ConcernFactory(
        **noted, text="canary diverted note", state=State.DIVERTED, external_reference="canary crime reference"
    )
    WalkNote.objects.create(
        submission=uuid.uuid4(),
        walk=booking.walk,
        booking=booking,
        by=team[0],
        noted=["another_walk"],
        is_agreed_empty=False,
        **words_of("WalkNote", "agreed", "words"),
    )


def _fill_messages(booking, team):
    token = Link.objects.create_token(booking, Link.Purpose.PAGE, expires_at=in_days(30))
    _message(requester_thread(booking), f"{canary('Message.text')} https://walk.example.com/my-walk/{token}/")
    _message(officer_thread(booking.walk, team[0]), "canary to an officer")
    return token


def _message(thread, text):
    key = f"canary:{uuid.uuid4()}:scheduled"
    return Message.objects.create(
        dedupe_key=key,
        kind="scheduled",
        thread=thread,
        message_id=f"<{key}@example.com>",
        sender="hello@example.com",
        recipient="canary recipient",
        subject=canary("Message.subject") if thread.startswith("requester") else "canary officer subject",
        text=text,
        html="canary html",
    )
