from django.urls import path

from bookings.triage.booking_page import booking, booking_phone, reached, spoken
from bookings.triage.claims.views import note, put_back, take
from bookings.triage.decline.views import decline
from bookings.triage.handover.views import hand_over
from bookings.triage.queue.views import bookings, find
from bookings.triage.safeguarding.views import close, stop

app_name = "triage"

urlpatterns = [
    path("bookings/", bookings, name="bookings"),
    path("bookings/find/", find, name="find"),
    path("bookings/<uuid:uuid>/", booking, name="booking"),
    path("bookings/<uuid:uuid>/take/", take, name="take"),
    path("bookings/<uuid:uuid>/put-back/", put_back, name="put_back"),
    path("bookings/<uuid:uuid>/note/", note, name="note"),
    path("bookings/<uuid:uuid>/stop/", stop, name="stop"),
    path("bookings/<uuid:uuid>/stop/close/", close, name="close_stop"),
    path("bookings/<uuid:uuid>/hand-over/", hand_over, name="hand_over"),
    path("bookings/<uuid:uuid>/decline/", decline, name="decline"),
    path("bookings/<uuid:uuid>/spoken/", spoken, name="spoken"),
    path("bookings/<uuid:uuid>/reached/", reached, name="reached"),
    path("bookings/<uuid:uuid>/phone/", booking_phone, name="booking_phone"),
]
