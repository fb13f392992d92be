"""Build the copy of what we hold about one requester (docs/rules.md#her-rights)."""

import datetime
import re
from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.events import outcome_reason
from bookings.manage.page import HEADLINES
from bookings.models.bookings import Booking
from bookings.models.legal_holds import active_hold
from bookings.notices import threads
from bookings.notices.walk_card import WalkCard, when_in_words
from bookings.statuses import Channel, EventKind, PhoneRule, StaffBookingMethod, Status
from boroughs.geography.map_points import MapPoint
from boroughs.posters.sources import source_name
from data_rights.copy.event_audiences import SHOWN_EVENTS
from data_rights.copy.personal_copy import (
    AdjustmentCopy,
    AgreedNoteCopy,
    ConcernCopy,
    ContactCopy,
    EventCopy,
    MessageCopy,
    OfferCopy,
    PersonalCopy,
    PreferredTimeCopy,
    QuestionCopy,
    RequestCopy,
    TeamMessageCopy,
    WalkCopy,
    WishesCopy,
)
from feedback.models.concerns import Concern
from feedback.models.events import FollowUpQuestion
from feedback.models.notes import WalkNote
from feedback.statuses import State
from outbox.models import Message
from outbox.statuses import State as MessageState
from walkandtalk.lib import london

WEB_ADDRESS = re.compile(r"https?://\S+")
MET = (Status.SCHEDULED, Status.COMPLETED, Status.REQUESTER_ABSENT)
"""The requester may know the officers of her walk in these statuses. A cancelled walk may go on with others."""


def build_copy(booking: Booking) -> PersonalCopy:
    return PersonalCopy(
        made_at=timezone.now(),
        request=_request(booking),
        contact=_contact(booking),
        wishes=_wishes(booking),
        preferred_times=[
            PreferredTimeCopy(when=str(each), round=each.round)
            for each in booking.preferred_times.order_by("round", "rank")
        ],
        adjustments=[
            AdjustmentCopy(need=each.need_label, how=each.how, agreed_otherwise=each.agreed_otherwise, at=each.at)
            for each in booking.adjustments.order_by("at", "pk")
        ],
        offers=_offers(booking),
        walk=_walk(booking),
        questions=_questions(booking),
        concerns=[_concern(each) for each in _concerns(booking)],
        agreed_notes=[AgreedNoteCopy(at=each.at, agreed=each.agreed) for each in WalkNote.objects.agreed_with(booking)],
        events=_events(booking),
        team_messages=_team_messages(booking),
        messages=_messages(booking),
        left_out=_left_out(booking),
    )


def _request(booking: Booking) -> RequestCopy:
    method, hold = booking.staff_booking_method, active_hold(booking, timezone.now())
    return RequestCopy(
        reference=booking.spoken_reference,
        asked_at=booking.asked_at,
        how=str(StaffBookingMethod(method).label) if method else _("On our website"),
        poster=source_name(booking.source),
        area=", ".join(filter(None, (booking.ward.name if booking.ward else "", booking.borough.name))),
        team=booking.team.team_name,
        confirmed_at=booking.confirmed_at,
        answer_due_at=booking.answer_due_at,
        status=str(HEADLINES[Status(booking.status)]),
        reason=outcome_reason(booking),
        alternatives=booking.alternative_labels(),
        times_passed_at=booking.times_passed_at,
        change_requested_at=booking.change_requested_at,
        kept_until=london.long_date(hold.until) if hold is not None else "",
    )


def _contact(booking: Booking) -> ContactCopy:
    contact = booking.contact
    return ContactCopy(
        name=contact.name,
        email=contact.email,
        address_unconfirmed_since=contact.address_unconfirmed_since,
        email_choice=str(Channel(booking.channel).label),
        language=dict(settings.LANGUAGES).get(contact.language, contact.language),
        phone=contact.phone,
        phone_choices=[str(PhoneRule(code).label) for code in contact.phone_rules],
        phone_times=contact.phone_times,
        has_pin=bool(contact.pin_hmac),
        has_one_time_pin=bool(contact.one_time_pin_hmac),
        inbox_unsafe_at=contact.inbox_unsafe_at,
        messages_stopped_at=contact.messages_stopped_at,
    )


def _wishes(booking: Booking) -> WishesCopy:
    contact = booking.contact
    return WishesCopy(
        meeting_place=contact.meeting_place,
        previous_meeting_place=contact.previous_meeting_place or "",
        map_point=_map_point(contact.map_point),
        route=contact.route or "",
        about=contact.about_labels(),
        companions=contact.companions,
        accompanied=contact.accompanied,
        may_share_with_partners=contact.may_share_with_partners,
        needs=contact.need_labels(),
        needs_details=contact.needs_details,
        weekday_evenings=contact.weekday_evenings,
        weekends=contact.weekends,
    )


def _map_point(point: MapPoint | None) -> str:
    return f"{point.lat}, {point.lon}" if point is not None else ""


def _offers(booking: Booking) -> list[OfferCopy]:
    return [
        OfferCopy(
            when=each.when,
            place=each.place,
            offered_at=each.offered_at,
            expires_at=each.expires_at,
            answer=each.get_answer_display() if each.answer else _("Not answered yet"),
            answered_at=each.answered_at,
        )
        for each in booking.offers.all()
    ]


def _walk(booking: Booking) -> WalkCopy | None:
    """Return the walk as the requester knows it. Until she has confirmed, it names no officer and no phrase."""
    walk, said = booking.walk_as_last_notified, booking.acknowledgement
    if walk is None:
        return None
    is_hers = booking.status in MET and booking.confirmed_at is not None
    return WalkCopy(
        when=when_in_words(walk),
        meeting_place=walk.meeting_place,
        finish_place=walk.finish_place if is_hers else "",
        map_point=_map_point(walk.map_point) if is_hers else "",
        officers=[officer.display_name for officer in walk.live_officers()] if is_hers else [],
        officers_phrase=walk.officers_phrase if is_hers else "",
        requester_phrase=walk.requester_phrase if is_hers else "",
        card=_card_lines(booking) if booking.status == Status.SCHEDULED else [],
        set_off_at=walk.set_off_at if is_hers else None,
        arrived_at=walk.arrived_at if is_hers else None,
        started_at=walk.started_at if is_hers else None,
        ended_at=walk.ended_at if is_hers else None,
        acknowledged_at=said.acknowledged_at,
        informed_at=said.informed_at,
        contacted_at=said.contacted_at,
        nobody_came_reported_at=said.nobody_came_reported_at,
    )


def _card_lines(booking: Booking) -> list[str]:
    """Return the card without its addresses: each of them opens something, and a copy may be read by others."""
    return [f"{line.label}: {line.text}" for line in WalkCard.of(booking).lines()]


def _questions(booking: Booking) -> list[QuestionCopy]:
    joining = [
        QuestionCopy(
            question=_("May %(guest)s join your walk?") % {"guest": each.guest.in_words}
            if each.guest is not None
            else _("May other women join your walk?"),
            asked_at=each.asked_at,
            answer=each.get_answer_display(),
            answered_at=each.answered_at,
        )
        for each in booking.sharing_consents.select_related("guest")
    ]
    one_officer = [
        QuestionCopy(
            question=_("Is one officer enough?"),
            asked_at=each.asked_at,
            answer=each.get_answer_display(),
            answered_at=each.answered_at,
        )
        for each in booking.one_officer_questions.order_by("asked_at", "pk")
    ]
    return [*joining, *one_officer]


def _concerns(booking: Booking) -> Iterable[Concern]:
    """Return what the requester submitted herself, and what officers noted for her, except diverted notes."""
    for concern in Concern.objects.submitted_for(booking).filter(erased_at=None).order_by("reported_at", "pk"):
        if concern.report.by_officer_id is None or concern.state != State.DIVERTED:
            yield concern


def _concern(concern: Concern) -> ConcernCopy:
    report = concern.report
    questions = FollowUpQuestion.objects.filter(event__concern=concern).exclude(answer="").order_by("asked_at")
    return ConcernCopy(
        reported_at=concern.reported_at,
        noted_by_officer=report.by_officer_id is not None,
        kind=_("A place where you feel safe") if concern.safe_place else concern.kind_label,
        place=concern.place,
        text=concern.text,
        light=concern.get_light_display(),
        time_of_day=concern.get_time_of_day_display(),
        how_often=concern.get_how_often_display(),
        consent=concern.consent,
        felt_before=report.get_before_display() or "",
        felt_after=report.get_after_display() or "",
        corrections=[f"{_dated(each.at)}: {each.place}\n{each.text}" for each in concern.corrections.all()],
        state=concern.state_for_requester,
        answers=[f"{_dated(each.at)}: {each.to_requester}" for each in concern.events.all() if each.to_requester],
        is_better=[each.get_answer_display() for each in questions],
        feels_now=[each.get_feeling_display() for each in questions if each.feeling],
    )


def _dated(at: datetime.datetime) -> str:
    return f"{london.long_date(at)}, {london.clock(at)}"


def _events(booking: Booking) -> list[EventCopy]:
    undone = {event.undoes_id for event in booking.events.all()}
    return [
        EventCopy(at=event.at, what=str(shown.label), words=event.note if shown.has_note else "")
        for event in booking.events.all()
        if event.pk not in undone and (shown := SHOWN_EVENTS[EventKind(event.kind)]) is not None
    ]


def _team_messages(booking: Booking) -> list[TeamMessageCopy]:
    return [
        TeamMessageCopy(at=each.at, words=each.words, read_at=each.read_at) for each in booking.team_messages.in_order()
    ]


def _messages(booking: Booking) -> list[MessageCopy]:
    """Return our messages to her without web addresses, because each of them opens her page.

    She never heard of a decision that was undone.
    """
    return [
        MessageCopy(
            subject=message.subject,
            created_at=message.created_at,
            state=message.state_for_requester,
            text=WEB_ADDRESS.sub("…", message.text),
        )
        for thread in (threads.requester_thread(booking), threads.security_thread(booking))
        for message in Message.objects.in_thread(thread).exclude(state=MessageState.UNDONE)
    ]


def _left_out(booking: Booking) -> list[str]:
    who = {"team": booking.team.team_name, "number": booking.team.duty_number}
    return [
        _(
            "Notes that staff wrote for each other, safeguarding records, and whether you kept your request from "
            "someone. Two inspectors check these before you get them, so nobody else is put at risk. To ask for them, "
            "call the %(team)s on %(number)s and give your reference."
        )
        % who,
        _("The list of who opened your request. You can read it on your page."),
        _("Your PIN. We can check it, but we can’t read it."),
        _("Your answers to the equality questions. We only count them, so nobody can tell which were yours."),
        _("Your answers to the three questions about a walk. We only count those too."),
        _("Anything you wrote to professional standards about an officer. They have it, and we can’t open it."),
    ]
