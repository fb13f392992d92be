"""Addresses reached from the sent page: correct the email address, or send the message again."""

from django.urls import path

from bookings.manage.contact.views import change_address, resend

app_name = "contact"

urlpatterns = [
    path("sent/address/", change_address, name="change_address"),
    path("sent/again/", resend, name="resend"),
]
