"""The page on which an inspector records that she has spoken with the requester, or met her."""

from django.http import HttpResponse
from django.utils import timezone

from bookings.decisions.forms import DecisionForm
from bookings.decisions.pages import BookingDecisionPage
from bookings.decisions.spoken_with import SpokenWithForm
from bookings.models.bookings import Booking
from bookings.notices.acknowledgements import record_contact
from bookings.notices.undelivered import get_delivery_problem
from bookings.permissions import BookingAction, available_actions
from bookings.statuses import ReadReason
from bookings.triage.ring_her import RingHerPage
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.layout import Layout, LayoutObject


class ContactForm(SpokenWithForm, DecisionForm):
    button = "Save how you contacted her"
    may_be_other_number = True

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(self.spoken_with_question())
        return layout


class RecordContactPage(RingHerPage[Booking, ContactForm], BookingDecisionPage[ContactForm]):
    """Record how the inspector reached the requester: the walk we cancelled, an evening that went wrong, lost news."""

    form_class = ContactForm
    template_name = "bookings/triage/record_contact.html"
    read_reason = ReadReason.CALL

    def booking_of(self, row: Booking) -> Booking:
        return row

    def is_closed(self, booking: Booking) -> bool:
        now = timezone.now()
        is_needed = BookingAction.RECORD_CONTACT in available_actions(booking, self.request.user, now)
        return not is_needed and get_delivery_problem(booking, now) is None

    def get_form(self, booking: Booking) -> ContactForm:
        return ContactForm(self.posted(), booking=booking, initial=self.initial(booking))

    def decide(self, booking: Booking, form: ContactForm) -> HttpResponse:
        record_contact(booking, form.spoken_with(), by=self.request.user, version=form.shown_version)
        return self.done("Recorded how you contacted her.")

    def field_of(self, error: ActionError) -> str:
        return "contact_method"
