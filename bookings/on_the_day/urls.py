from django.urls import path

from bookings.on_the_day.briefing import briefing
from bookings.on_the_day.one_officer.views import ask_about_one_officer, record_one_officer_answer
from bookings.on_the_day.outcomes.views import record_outcome
from bookings.on_the_day.safeguarding import mark_safeguarding
from bookings.on_the_day.views import end_walk, reveal_phone, start_walk, walk, walk_map, walks, withdraw
from bookings.on_the_day.walk_progress import (
    arrive,
    cut_walk_short,
    phrase,
    record_late_arrival,
    record_no_show,
    set_off,
)

app_name = "on_the_day"

urlpatterns = [
    path("bookings/<uuid:uuid>/settle/", record_outcome, name="record_outcome"),
    path("walks/", walks, name="walks"),
    path("walks/<uuid:uuid>/", walk, name="walk"),
    path("walks/<uuid:uuid>/map/", walk_map, name="walk_map"),
    path("walks/<uuid:uuid>/one-officer/", ask_about_one_officer, name="ask_about_one_officer"),
    path(
        "walks/<uuid:uuid>/one-officer/<uuid:question_uuid>/",
        record_one_officer_answer,
        name="record_one_officer_answer",
    ),
    path("walks/<uuid:uuid>/briefing/", briefing, name="briefing"),
    path("walks/<uuid:uuid>/phrase/", phrase, name="phrase"),
    path("walks/<uuid:uuid>/on-my-way/", set_off, name="set_off"),
    path("walks/<uuid:uuid>/here/", arrive, name="arrive"),
    path("walks/<uuid:uuid>/not-there/<uuid:booking_uuid>/", record_no_show, name="record_no_show"),
    path("walks/<uuid:uuid>/came/<uuid:booking_uuid>/", record_late_arrival, name="record_late_arrival"),
    path("walks/<uuid:uuid>/stop/", mark_safeguarding, name="mark_safeguarding"),
    path("walks/<uuid:uuid>/called-away/", cut_walk_short, name="cut_walk_short"),
    path("walks/<uuid:uuid>/start/", start_walk, name="start_walk"),
    path("walks/<uuid:uuid>/end/", end_walk, name="end_walk"),
    path("walks/<uuid:uuid>/leave/", withdraw, name="withdraw"),
    path("walks/<uuid:uuid>/phone/<uuid:booking_uuid>/", reveal_phone, name="reveal_phone"),
]
