from django.urls import path

from bookings.triage.booking_page import booking, confirm_by_phone, record_contact, reveal_phone
from bookings.triage.claims.views import add_note, claim, release_claim
from bookings.triage.decline.views import decline
from bookings.triage.handover.views import hand_over
from bookings.triage.queue.views import find_booking, queue
from bookings.triage.safeguarding.views import close_safeguarding, mark_safeguarding

app_name = "triage"

urlpatterns = [
    path("bookings/", queue, name="queue"),
    path("bookings/find/", find_booking, name="find_booking"),
    path("bookings/<uuid:pk>/", booking, name="booking"),
    path("bookings/<uuid:pk>/take/", claim, name="claim"),
    path("bookings/<uuid:pk>/put-back/", release_claim, name="release_claim"),
    path("bookings/<uuid:pk>/note/", add_note, name="add_note"),
    path("bookings/<uuid:pk>/stop/", mark_safeguarding, name="mark_safeguarding"),
    path("bookings/<uuid:pk>/stop/close/", close_safeguarding, name="close_safeguarding"),
    path("bookings/<uuid:pk>/hand-over/", hand_over, name="hand_over"),
    path("bookings/<uuid:pk>/decline/", decline, name="decline"),
    path("bookings/<uuid:pk>/spoken/", confirm_by_phone, name="confirm_by_phone"),
    path("bookings/<uuid:pk>/reached/", record_contact, name="record_contact"),
    path("bookings/<uuid:pk>/phone/", reveal_phone, name="reveal_phone"),
]
