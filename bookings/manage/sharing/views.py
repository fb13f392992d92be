"""The buttons with which a requester says whether others may join her walk."""

from django.http import HttpResponse

from bookings.manage.page import RequesterButton
from bookings.manage.sharing.forms import SharingConsentForm
from bookings.models.bookings import Booking
from bookings.scheduling.guests.actions import answer_guest
from bookings.scheduling.shared_walks.actions import answer_sharing_consent


class SharingConsentButton(RequesterButton):
    """The yes and no buttons. An invalid answer changes nothing."""

    def press(self, booking: Booking) -> HttpResponse:
        form = SharingConsentForm(self.request.POST)
        if form.is_valid() and form.guest_pk is not None:
            answer_guest(booking, guest=form.guest_pk, may_come=form.says_yes)
        elif form.is_valid():
            answer_sharing_consent(booking, may_join=form.says_yes)
        return self.back()
