"""The public pages under `/tell-us/`, and the page of someone who told us about a place."""

from django.urls import path

from feedback.place_reports import views
from feedback.place_reports.discreet_urls import urlpatterns as pages_of_hers

app_name = "tell_us"

urlpatterns = [
    path("", views.start, name="start"),
    path("place/", views.area, name="area"),
    path("place/<slug:slug>/", views.place, name="place"),
    path("sent/", views.sent, name="sent"),
    *pages_of_hers,
]
