from django.urls import path

from bookings.triage.booking_page import ConfirmByPhoneButton, booking, reveal_phone
from bookings.triage.claims.views import AddNotePage, ClaimButton, ReleaseClaimButton
from bookings.triage.contact import RecordContactPage
from bookings.triage.decline.views import DeclinePage
from bookings.triage.handover.views import HandOverPage
from bookings.triage.many.views import AddNoteToManyPage, ClaimManyPage, DeclineManyPage, HandOverManyPage
from bookings.triage.queue.views import queue, queue_news
from bookings.triage.read_out_card import ReadOutCardButton
from bookings.triage.reasons.views import GiveReasonButton, GiveReasonOnWalkButton
from bookings.triage.safeguarding.views import CloseSafeguardingPage, MarkSafeguardingPage
from bookings.triage.search.views import find_booking
from bookings.triage.today.views import today

app_name = "triage"

urlpatterns = [
    path("today/", today, name="today"),
    path("bookings/", queue, name="queue"),
    path("bookings/news/", queue_news, name="queue_news"),
    path("bookings/find/", find_booking, name="find_booking"),
    path("bookings/many/take/", ClaimManyPage.as_view(), name="claim_many"),
    path("bookings/many/note/", AddNoteToManyPage.as_view(), name="add_note_to_many"),
    path("bookings/many/hand-over/", HandOverManyPage.as_view(), name="hand_over_many"),
    path("bookings/many/decline/", DeclineManyPage.as_view(), name="decline_many"),
    path("bookings/<uuid:pk>/", booking, name="booking"),
    path("bookings/<uuid:pk>/reason/", GiveReasonButton.as_view(), name="give_reason"),
    path("walks/<uuid:pk>/reason/", GiveReasonOnWalkButton.as_view(), name="give_reason_on_walk"),
    path("bookings/<uuid:pk>/take/", ClaimButton.as_view(), name="claim"),
    path("bookings/<uuid:pk>/put-back/", ReleaseClaimButton.as_view(), name="release_claim"),
    path("bookings/<uuid:pk>/note/", AddNotePage.as_view(), name="add_note"),
    path("bookings/<uuid:pk>/stop/", MarkSafeguardingPage.as_view(), name="mark_safeguarding"),
    path("bookings/<uuid:pk>/stop/close/", CloseSafeguardingPage.as_view(), name="close_safeguarding"),
    path("bookings/<uuid:pk>/hand-over/", HandOverPage.as_view(), name="hand_over"),
    path("bookings/<uuid:pk>/decline/", DeclinePage.as_view(), name="decline"),
    path("bookings/<uuid:pk>/spoken/", ConfirmByPhoneButton.as_view(), name="confirm_by_phone"),
    path("bookings/<uuid:pk>/reached/", RecordContactPage.as_view(), name="record_contact"),
    path("bookings/<uuid:pk>/read-out/", ReadOutCardButton.as_view(), name="read_out_card"),
    path("bookings/<uuid:pk>/phone/", reveal_phone, name="reveal_phone"),
]
