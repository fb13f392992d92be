from django.urls import path

from bookings.manage.pins.views import reset_pin

app_name = "pins"

urlpatterns = [
    path("bookings/<uuid:pk>/new-pin/", reset_pin, name="reset_pin"),
]
