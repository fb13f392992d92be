"""Where the page shown after sending leads: another address, or the message once more."""

from django.urls import path

from bookings.manage.contact.views import change_address, resend

app_name = "contact"

urlpatterns = [
    path("sent/address/", change_address, name="change_address"),
    path("sent/again/", resend, name="resend"),
]
