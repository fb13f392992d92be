from django.urls import path

from bookings.views.staff import (
    booking,
    buttons,
    decisions,
    duty,
    duty_import,
    offers,
    queue,
    scheduling,
    settling,
    walks,
)

app_name = "staff"

urlpatterns = [
    path("bookings/", queue.bookings, name="bookings"),
    path("bookings/<uuid:uuid>/", booking.booking, name="booking"),
    path("bookings/<uuid:uuid>/schedule/", scheduling.schedule, name="schedule"),
    path("bookings/<uuid:uuid>/offer/", offers.offer, name="offer"),
    path("bookings/<uuid:uuid>/offer/take-back/", offers.take_back, name="offer_take_back"),
    path("bookings/<uuid:uuid>/decline/", decisions.decline, name="decline"),
    path("bookings/<uuid:uuid>/plan-stands/", decisions.keep_plan, name="keep_plan"),
    path("bookings/<uuid:uuid>/cancel/", decisions.cancel, name="cancel"),
    path("bookings/<uuid:uuid>/spoken/", booking.spoken, name="spoken"),
    path("bookings/<uuid:uuid>/reached/", booking.reached, name="reached"),
    path("bookings/<uuid:uuid>/settle/", settling.settle, name="settle"),
    path("bookings/<uuid:uuid>/phone/", booking.booking_phone, name="booking_phone"),
    path("duty/", duty.duty, name="duty"),
    path("duty/import/", duty_import.duty_import, name="duty_import"),
    path("duty/<int:pk>/", duty.duty_of, name="duty_of"),
    path("duty/<int:pk>/week/", duty.duty_week, name="duty_week"),
    path("duty/<int:pk>/days/", duty.duty_days, name="duty_days"),
    path("walks/", walks.walks, name="walks"),
    path("walks/<uuid:uuid>/", walks.walk, name="walk"),
    path("walks/<uuid:uuid>/change/", scheduling.change, name="change"),
    path("walks/<uuid:uuid>/phrase/", buttons.phrase, name="phrase"),
    path("walks/<uuid:uuid>/on-my-way/", buttons.set_off, name="set_off"),
    path("walks/<uuid:uuid>/here/", buttons.arrive, name="arrive"),
    path("walks/<uuid:uuid>/not-there/<uuid:booking_uuid>/", buttons.not_there, name="not_there"),
    path("walks/<uuid:uuid>/came/<uuid:booking_uuid>/", buttons.came, name="came"),
    path("walks/<uuid:uuid>/called-away/", buttons.called_away, name="called_away"),
    path("walks/<uuid:uuid>/start/", walks.start, name="start"),
    path("walks/<uuid:uuid>/end/", walks.end, name="end"),
    path("walks/<uuid:uuid>/leave/", walks.leave, name="leave"),
    path("walks/<uuid:uuid>/phone/<uuid:booking_uuid>/", walks.phone, name="phone"),
]
