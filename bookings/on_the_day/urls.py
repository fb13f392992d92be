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
    path("bookings/<uuid:pk>/settle/", record_outcome, name="record_outcome"),
    path("walks/", walks, name="walks"),
    path("walks/<uuid:pk>/", walk, name="walk"),
    path("walks/<uuid:pk>/map/", walk_map, name="walk_map"),
    path("walks/<uuid:pk>/one-officer/", ask_about_one_officer, name="ask_about_one_officer"),
    path(
        "walks/<uuid:pk>/one-officer/<uuid:question_pk>/",
        record_one_officer_answer,
        name="record_one_officer_answer",
    ),
    path("walks/<uuid:pk>/briefing/", briefing, name="briefing"),
    path("walks/<uuid:pk>/phrase/", phrase, name="phrase"),
    path("walks/<uuid:pk>/on-my-way/", set_off, name="set_off"),
    path("walks/<uuid:pk>/here/", arrive, name="arrive"),
    path("walks/<uuid:pk>/not-there/<uuid:booking_pk>/", record_no_show, name="record_no_show"),
    path("walks/<uuid:pk>/came/<uuid:booking_pk>/", record_late_arrival, name="record_late_arrival"),
    path("walks/<uuid:pk>/stop/", mark_safeguarding, name="mark_safeguarding"),
    path("walks/<uuid:pk>/called-away/", cut_walk_short, name="cut_walk_short"),
    path("walks/<uuid:pk>/start/", start_walk, name="start_walk"),
    path("walks/<uuid:pk>/end/", end_walk, name="end_walk"),
    path("walks/<uuid:pk>/leave/", withdraw, name="withdraw"),
    path("walks/<uuid:pk>/phone/<uuid:booking_pk>/", reveal_phone, name="reveal_phone"),
]
