from django.urls import path

from bookings.scheduling.cancellation.views import cancel
from bookings.scheduling.guests.views import invite_guest, withdraw_guest
from bookings.scheduling.offers.views import offer_times, withdraw_offer
from bookings.scheduling.preferred_times.views import decline_change_request
from bookings.scheduling.recurring_walks.views import offer_recurring_walk
from bookings.scheduling.schedule.views import change_walk, schedule
from bookings.scheduling.shared_walks.views import ask_to_share_walk, offer_place

app_name = "scheduling"

urlpatterns = [
    path("bookings/<uuid:pk>/schedule/", schedule, name="schedule"),
    path("bookings/<uuid:pk>/offer/", offer_times, name="offer_times"),
    path("bookings/<uuid:pk>/offer/take-back/", withdraw_offer, name="withdraw_offer"),
    path("bookings/<uuid:pk>/join/", offer_place, name="offer_place"),
    path("bookings/<uuid:pk>/standing/", offer_recurring_walk, name="offer_recurring_walk"),
    path("bookings/<uuid:pk>/plan-stands/", decline_change_request, name="decline_change_request"),
    path("bookings/<uuid:pk>/cancel/", cancel, name="cancel"),
    path("walks/<uuid:pk>/change/", change_walk, name="change_walk"),
    path("walks/<uuid:pk>/company/", ask_to_share_walk, name="ask_to_share_walk"),
    path("walks/<uuid:pk>/guest/", invite_guest, name="invite_guest"),
    path("walks/<uuid:pk>/guest/<uuid:guest_pk>/withdraw/", withdraw_guest, name="withdraw_guest"),
]
