from django.urls import path

from bookings.phone_bookings.views import ReadBackPage, issue_pin, new_booking, new_booking_more, new_booking_sent

app_name = "phone_bookings"

urlpatterns = [
    path("bookings/new/", new_booking, name="start"),
    path("bookings/new/<uuid:pk>/", new_booking_more, name="details"),
    path("bookings/new/<uuid:pk>/read-back/", ReadBackPage.as_view(), name="read_back"),
    path("bookings/new/<uuid:pk>/sent/", new_booking_sent, name="sent"),
    path("bookings/new/<uuid:pk>/pin/", issue_pin, name="issue_pin"),
]
