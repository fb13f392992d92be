"""The origins of bookings."""

from django.db import models

from bookings.statuses import StaffBookingMethod
from walkandtalk.lib.choices import ChoiceField


class BookingOrigin(models.Model):
    """The origin of a booking. Each booking has one row, created with it and never changed."""

    booking = models.OneToOneField(
        "bookings.Booking", on_delete=models.CASCADE, primary_key=True, related_name="origin"
    )
    draft_uuid = models.UUIDField(unique=True, help_text="The draft that was sent. Sending it twice makes one booking.")
    source = models.SlugField(
        blank=True, default="", db_index=False, help_text="The area of the poster that the requester scanned."
    )
    staff_booking_method = ChoiceField(
        max_length=5,
        choices=StaffBookingMethod.choices,
        blank=True,
        default="",
        help_text="How an inspector took the booking. Empty if the requester made it on our pages.",
    )

    def __str__(self) -> str:
        return str(self.pk)
