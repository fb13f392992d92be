from django.urls import path

from bookings.views import staff, walks

app_name = "staff"

urlpatterns = [
    path("bookings/", staff.bookings, name="bookings"),
    path("bookings/<uuid:uuid>/", staff.booking, name="booking"),
    path("bookings/<uuid:uuid>/schedule/", staff.schedule, name="schedule"),
    path("bookings/<uuid:uuid>/decline/", staff.decline, name="decline"),
    path("bookings/<uuid:uuid>/cancel/", staff.cancel, name="cancel"),
    path("bookings/<uuid:uuid>/spoken/", staff.spoken, name="spoken"),
    path("bookings/<uuid:uuid>/reached/", staff.reached, name="reached"),
    path("bookings/<uuid:uuid>/phone/", staff.booking_phone, name="booking_phone"),
    path("walks/", walks.walks, name="walks"),
    path("walks/<uuid:uuid>/", walks.walk, name="walk"),
    path("walks/<uuid:uuid>/change/", staff.change, name="change"),
    path("walks/<uuid:uuid>/start/", walks.start, name="start"),
    path("walks/<uuid:uuid>/end/", walks.end, name="end"),
    path("walks/<uuid:uuid>/leave/", walks.leave, name="leave"),
    path("walks/<uuid:uuid>/phone/<uuid:booking_uuid>/", walks.phone, name="phone"),
]
