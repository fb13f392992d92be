"""The buttons with which a requester says whether others may join her walk."""

from django.http import HttpResponse

from bookings.manage.banners import MAY_JOIN, MAY_NOT_JOIN
from bookings.manage.page import RequesterButton
from bookings.manage.sharing.forms import SharingConsentForm
from bookings.models.bookings import Booking
from bookings.scheduling.guests.actions import answer_guest
from bookings.scheduling.shared_walks.actions import answer_sharing_consent


class SharingConsentButton(RequesterButton):
    """The yes and no buttons. An invalid answer changes nothing."""

    def press(self, booking: Booking) -> HttpResponse:
        form = SharingConsentForm(self.request.POST)
        if not form.is_valid():
            return self.back()
        if form.guest_pk is not None:
            answer_guest(booking, guest=form.guest_pk, may_come=form.says_yes)
        else:
            answer_sharing_consent(booking, may_join=form.says_yes)
        return self.done(MAY_JOIN if form.says_yes else MAY_NOT_JOIN)
