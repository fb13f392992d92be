from django.urls import path

from bookings.triage.booking_page import booking, booking_phone, reached, spoken
from bookings.triage.claims.views import note, release_claim, take
from bookings.triage.decline.views import decline
from bookings.triage.handover.views import hand_over
from bookings.triage.queue.views import bookings, find
from bookings.triage.safeguarding.views import close, stop

app_name = "triage"

urlpatterns = [
    path("bookings/", bookings, name="queue"),
    path("bookings/find/", find, name="find_booking"),
    path("bookings/<uuid:uuid>/", booking, name="booking"),
    path("bookings/<uuid:uuid>/take/", take, name="claim"),
    path("bookings/<uuid:uuid>/put-back/", release_claim, name="release_claim"),
    path("bookings/<uuid:uuid>/note/", note, name="add_note"),
    path("bookings/<uuid:uuid>/stop/", stop, name="mark_safeguarding"),
    path("bookings/<uuid:uuid>/stop/close/", close, name="close_safeguarding"),
    path("bookings/<uuid:uuid>/hand-over/", hand_over, name="hand_over"),
    path("bookings/<uuid:uuid>/decline/", decline, name="decline"),
    path("bookings/<uuid:uuid>/spoken/", spoken, name="confirm_by_phone"),
    path("bookings/<uuid:uuid>/reached/", reached, name="record_contact"),
    path("bookings/<uuid:uuid>/phone/", booking_phone, name="reveal_phone"),
]
