"""Addresses of the buttons with which an inspector sends a requester a link."""

from django.urls import path

from data_rights.copy.views import SendCopyButton
from data_rights.erasure.views import SendErasureLinkButton

app_name = "send_links"

urlpatterns = [
    path("bookings/<uuid:pk>/copy/", SendCopyButton.as_view(), name="send_copy"),
    path("bookings/<uuid:pk>/delete/", SendErasureLinkButton.as_view(), name="send_erasure_link"),
]
