"""How a booking came to us."""

from django.db import models

from bookings.statuses import StaffBookingMethod
from walkandtalk.lib.choices import ChoiceField


class BookingOrigin(models.Model):
    """Where the request came from. One row a booking, made with it and never changed."""

    booking = models.OneToOneField(
        "bookings.Booking", on_delete=models.CASCADE, primary_key=True, related_name="origin"
    )
    draft_uuid = models.UUIDField(unique=True, help_text="The draft that was sent: sending it twice asks once.")
    source = models.SlugField(blank=True, default="", db_index=False, help_text="The area whose poster she scanned.")
    staff_booking_method = ChoiceField(
        max_length=5,
        choices=StaffBookingMethod.choices,
        blank=True,
        default="",
        help_text="How she asked the inspector who made the booking for her. Empty where she asked on our pages.",
    )

    def __str__(self) -> str:
        return str(self.pk)
