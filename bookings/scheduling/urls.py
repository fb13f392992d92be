from django.urls import path

from bookings.scheduling.cancellation.views import CancelPage
from bookings.scheduling.changes.views import ChangeWalkPage
from bookings.scheduling.clear_a_day.views import ClearDayPage
from bookings.scheduling.guests.views import InviteGuestPage, WithdrawGuestButton
from bookings.scheduling.offers.views import OfferTimesPage, WithdrawOfferButton
from bookings.scheduling.preferred_times.views import DeclineChangeRequestPage
from bookings.scheduling.recurring_walks.views import OfferRecurringWalkPage, OfferRecurringWalkToManyPage
from bookings.scheduling.schedule.views import SchedulePage
from bookings.scheduling.shared_walks.views import AskToShareWalkPage, OfferPlacePage

app_name = "scheduling"

urlpatterns = [
    path("clear-day/", ClearDayPage.as_view(), name="clear_day"),
    path("bookings/<uuid:pk>/schedule/", SchedulePage.as_view(), name="schedule"),
    path("bookings/<uuid:pk>/offer/", OfferTimesPage.as_view(), name="offer_times"),
    path("bookings/<uuid:pk>/offer/take-back/", WithdrawOfferButton.as_view(), name="withdraw_offer"),
    path("bookings/<uuid:pk>/join/", OfferPlacePage.as_view(), name="offer_place"),
    path("bookings/<uuid:pk>/standing/", OfferRecurringWalkPage.as_view(), name="offer_recurring_walk"),
    path("bookings/many/standing/", OfferRecurringWalkToManyPage.as_view(), name="offer_recurring_walk_to_many"),
    path("bookings/<uuid:pk>/plan-stands/", DeclineChangeRequestPage.as_view(), name="decline_change_request"),
    path("bookings/<uuid:pk>/cancel/", CancelPage.as_view(), name="cancel"),
    path("walks/<uuid:pk>/change/", ChangeWalkPage.as_view(), name="change_walk"),
    path("walks/<uuid:pk>/company/", AskToShareWalkPage.as_view(), name="ask_to_share_walk"),
    path("walks/<uuid:pk>/guest/", InviteGuestPage.as_view(), name="invite_guest"),
    path("walks/<uuid:pk>/guest/<uuid:guest_pk>/withdraw/", WithdrawGuestButton.as_view(), name="withdraw_guest"),
]
