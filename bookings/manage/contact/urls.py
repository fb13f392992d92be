"""Where the page shown after sending leads: another address, or the message once more."""

from django.urls import path

from bookings.manage.contact.views import sent_address, sent_again

app_name = "contact"

urlpatterns = [
    path("sent/address/", sent_address, name="change_address"),
    path("sent/again/", sent_again, name="resend"),
]
