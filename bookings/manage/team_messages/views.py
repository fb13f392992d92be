"""The page on which a requester writes to her team, and the inspector's button “I’ve read it”."""

from uuid import UUID

from django.http import HttpResponse

from bookings.manage.banners import BANNERS
from bookings.manage.decision_pages import RequesterFormPage
from bookings.manage.team_messages.actions import mark_team_message_read, message_team
from bookings.manage.team_messages.forms import MessageTeamForm
from bookings.models.bookings import Booking
from bookings.permissions import RequesterAction
from bookings.triage.booking_page import BookingButton


class MessageTeamPage(RequesterFormPage[MessageTeamForm]):
    form_class = MessageTeamForm
    template_name = "bookings/manage/team_messages/message_team.html"
    requester_action = RequesterAction.MESSAGE_TEAM
    shows_details = True

    def decide(self, booking: Booking, form: MessageTeamForm) -> HttpResponse:
        message_team(booking, words=form.message)
        return self.done(BANNERS[RequesterAction.MESSAGE_TEAM])


class ReadTeamMessageButton(BookingButton):
    """Record that a message has been read. Opening the page isn't enough: someone may open it by mistake."""

    def press(self, booking: Booking) -> HttpResponse:
        message: UUID = self.kwargs["message_pk"]
        mark_team_message_read(booking, message, by=self.request.user)
        return self.done("Recorded. Her page now says that the team has read it.")
