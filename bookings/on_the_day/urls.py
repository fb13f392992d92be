from django.urls import path

from bookings.on_the_day.briefing import briefing
from bookings.on_the_day.one_officer.views import ask_about_one_officer, spoken_answer
from bookings.on_the_day.outcomes.views import settle
from bookings.on_the_day.safeguarding import mark_safeguarding_on_walk
from bookings.on_the_day.views import end, leave, phone, start, walk, walk_map, walks
from bookings.on_the_day.walk_progress import arrive, called_away, came, not_there, phrase, set_off

app_name = "on_the_day"

urlpatterns = [
    path("bookings/<uuid:uuid>/settle/", settle, name="record_outcome"),
    path("walks/", walks, name="walks"),
    path("walks/<uuid:uuid>/", walk, name="walk"),
    path("walks/<uuid:uuid>/map/", walk_map, name="walk_map"),
    path("walks/<uuid:uuid>/one-officer/", ask_about_one_officer, name="ask_about_one_officer"),
    path("walks/<uuid:uuid>/one-officer/<uuid:question_uuid>/", spoken_answer, name="record_one_officer_answer"),
    path("walks/<uuid:uuid>/briefing/", briefing, name="briefing"),
    path("walks/<uuid:uuid>/phrase/", phrase, name="phrase"),
    path("walks/<uuid:uuid>/on-my-way/", set_off, name="set_off"),
    path("walks/<uuid:uuid>/here/", arrive, name="arrive"),
    path("walks/<uuid:uuid>/not-there/<uuid:booking_uuid>/", not_there, name="record_no_show"),
    path("walks/<uuid:uuid>/came/<uuid:booking_uuid>/", came, name="record_late_arrival"),
    path("walks/<uuid:uuid>/stop/", mark_safeguarding_on_walk, name="mark_safeguarding"),
    path("walks/<uuid:uuid>/called-away/", called_away, name="cut_walk_short"),
    path("walks/<uuid:uuid>/start/", start, name="start_walk"),
    path("walks/<uuid:uuid>/end/", end, name="end_walk"),
    path("walks/<uuid:uuid>/leave/", leave, name="withdraw"),
    path("walks/<uuid:uuid>/phone/<uuid:booking_uuid>/", phone, name="reveal_phone"),
]
