from django.urls import path

from bookings.manage.pins.views import ResetPinPage

app_name = "pins"

urlpatterns = [
    path("bookings/<uuid:pk>/new-pin/", ResetPinPage.as_view(), name="reset_pin"),
]
