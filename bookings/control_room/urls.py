from django.urls import path

from bookings.control_room.views import check_officers

app_name = "control_room"

urlpatterns = [
    path("verify/", check_officers, name="check"),
]
