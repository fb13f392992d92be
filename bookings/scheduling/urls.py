from django.urls import path

from bookings.scheduling.cancellation.views import cancel
from bookings.scheduling.guests.views import invite_guest, withdraw_guest
from bookings.scheduling.offers.views import offer, take_back
from bookings.scheduling.preferred_times.views import keep_plan
from bookings.scheduling.recurring_walks.views import offer_standing
from bookings.scheduling.schedule.views import change, schedule
from bookings.scheduling.shared_walks.views import ask_company, join

app_name = "scheduling"

urlpatterns = [
    path("bookings/<uuid:uuid>/schedule/", schedule, name="schedule"),
    path("bookings/<uuid:uuid>/offer/", offer, name="offer"),
    path("bookings/<uuid:uuid>/offer/take-back/", take_back, name="offer_take_back"),
    path("bookings/<uuid:uuid>/join/", join, name="join"),
    path("bookings/<uuid:uuid>/standing/", offer_standing, name="offer_standing"),
    path("bookings/<uuid:uuid>/plan-stands/", keep_plan, name="keep_plan"),
    path("bookings/<uuid:uuid>/cancel/", cancel, name="cancel"),
    path("walks/<uuid:uuid>/change/", change, name="change"),
    path("walks/<uuid:uuid>/company/", ask_company, name="ask_company"),
    path("walks/<uuid:uuid>/guest/", invite_guest, name="invite_guest"),
    path("walks/<uuid:uuid>/guest/<uuid:guest_uuid>/withdraw/", withdraw_guest, name="withdraw_guest"),
]
