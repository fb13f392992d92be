"""The people who hear what came of a concern: requesters with a booking, and those who only told us about a place."""

import datetime
from abc import ABC, abstractmethod
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bookings import links
from bookings.locks import lock_booking
from bookings.models.bookings import Booking
from bookings.models.links import Link
from bookings.notices.letters import about_booking
from bookings.notices.threads import place_report_thread, requester_thread
from bookings.permissions import may_show_details
from bookings.statuses import Channel
from boroughs.without_speaking import WithoutSpeaking
from feedback.models.concerns import Report
from feedback.models.contacts import ReportContact, ReportLink
from feedback.permissions import can_submit_report
from outbox.composing.message_files import Context
from walkandtalk.lib.phone_links import call_url

LINK_LIFE = datetime.timedelta(days=60)


class Recipient(ABC):
    """Everything that a message of feedback needs to know of the person who gets it."""

    @property
    @abstractmethod
    def key(self) -> str:
        """The beginning of the key that allows each message once."""

    @property
    @abstractmethod
    def thread(self) -> str: ...

    @property
    @abstractmethod
    def address(self) -> str: ...

    @property
    @abstractmethod
    def channel(self) -> Channel: ...

    @property
    @abstractmethod
    def language(self) -> str: ...

    @property
    @abstractmethod
    def can_be_emailed(self) -> bool: ...

    @property
    @abstractmethod
    def hears_news(self) -> bool:
        """Whether she is emailed what came of it."""

    @property
    @abstractmethod
    def is_confirmed(self) -> bool:
        """Whether the reader is known to be her. A stranger whose address she mistyped reads nothing that she said."""

    @property
    @abstractmethod
    def may_answer(self) -> bool:
        """Whether she may still answer our questions."""

    @property
    @abstractmethod
    def reports(self) -> QuerySet[Report]: ...

    @abstractmethod
    def lock(self) -> None:
        """Lock her row, because she may stop our messages or delete her details at this moment."""

    @abstractmethod
    def page_url(self, now: datetime.datetime) -> str:
        """Return a new link to the page that shows what she told us, and what came of it."""

    @abstractmethod
    def follow_up_url(self, now: datetime.datetime) -> str:
        """Return a new link to the question whether it is better."""

    @abstractmethod
    def header_values(self) -> Context:
        """Return the values that every message has: greeting, reference and team."""


@dataclass(frozen=True)
class BookingRecipient(Recipient):
    booking: Booking

    @property
    def key(self) -> str:
        return f"booking:{self.booking.pk}"

    @property
    def thread(self) -> str:
        return requester_thread(self.booking)

    @property
    def address(self) -> str:
        return self.booking.contact.email

    @property
    def channel(self) -> Channel:
        return Channel(self.booking.channel)

    @property
    def language(self) -> str:
        return self.booking.contact.language

    @property
    def can_be_emailed(self) -> bool:
        return self.booking.can_be_emailed and self.booking.erased_at is None and bool(self.booking.contact.email)

    @property
    def hears_news(self) -> bool:
        return self.can_be_emailed

    @property
    def is_confirmed(self) -> bool:
        return may_show_details(self.booking)

    @property
    def may_answer(self) -> bool:
        return can_submit_report(self.booking)

    @property
    def reports(self) -> QuerySet[Report]:
        return Report.objects.filter(booking=self.booking)

    def lock(self) -> None:
        lock_booking(self.booking)

    def page_url(self, now: datetime.datetime) -> str:
        return links.report_url(self.booking, self.token(now))

    def follow_up_url(self, now: datetime.datetime) -> str:
        return links.follow_up_url(self.booking, self.token(now))

    def token(self, now: datetime.datetime) -> str:
        return Link.objects.create_token(
            self.booking, Link.Purpose.REPORT, expires_at=now + LINK_LIFE, email=self.booking.contact.email
        )

    def header_values(self) -> Context:
        return about_booking(self.booking)


@dataclass(frozen=True)
class ContactRecipient(Recipient):
    contact: ReportContact

    @property
    def key(self) -> str:
        return f"report:{self.contact.pk}"

    @property
    def thread(self) -> str:
        return place_report_thread(self.contact.pk)

    @property
    def address(self) -> str:
        return self.contact.email

    @property
    def channel(self) -> Channel:
        return Channel(self.contact.channel)

    @property
    def language(self) -> str:
        return self.contact.language

    @property
    def can_be_emailed(self) -> bool:
        return self.contact.can_be_emailed and bool(self.contact.email)

    @property
    def hears_news(self) -> bool:
        """Until she says that it was her, an address gets our one question and no more. All is on her page then."""
        return self.can_be_emailed and self.is_confirmed

    @property
    def is_confirmed(self) -> bool:
        return self.contact.confirmed_at is not None

    @property
    def may_answer(self) -> bool:
        return self.contact.erased_at is None

    @property
    def reports(self) -> QuerySet[Report]:
        return Report.objects.filter(pk=self.contact.pk)

    def lock(self) -> None:
        self.contact.refresh_from_db(from_queryset=ReportContact.objects.select_for_update(no_key=True))

    def page_url(self, now: datetime.datetime) -> str:
        return links.place_report_url(self.channel, self._token(now))

    def follow_up_url(self, now: datetime.datetime) -> str:
        return links.place_report_follow_up_url(self.channel, self._token(now))

    def _token(self, now: datetime.datetime) -> str:
        # With a PIN she comes back by her reference. Without one, a link is the only way to her page.
        expires_at = now + LINK_LIFE if self.contact.needs_pin else self.contact.kept_until
        return ReportLink.objects.create_token(self.contact, expires_at=expires_at, is_emailed=True)

    def header_values(self) -> Context:
        team = self.contact.report.team
        return {
            "greeting": _("Hello."),
            "reference": self.contact.spoken_reference,
            "team": team.team_name,
            "team_number": team.duty_number,
            "team_call": call_url(team.duty_number),
            "team_hours": team.duty_hours,
            "by_text": WithoutSpeaking.of(team.duty_number, team.text_number),
        }


def recipient_of(report: Report) -> Recipient | None:
    """Return whom we tell about the concerns of this report, or None if nobody is known."""
    if report.booking is not None:
        return BookingRecipient(report.booking)
    contact: ReportContact | None = getattr(report, "contact", None)
    return None if contact is None else ContactRecipient(contact)
