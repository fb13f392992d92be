"""The same public pages on the neutral host, under `/r/`."""

from django.urls import path

from feedback.answers.requester_views import better
from feedback.reports import views

app_name = "feedback"

urlpatterns = [
    path("<str:token>/tell/", views.tell_us, name="tell_us"),
    path("<str:token>/tell/thanks/", views.thanks, name="thanks"),
    path("<str:token>/better/", better, name="better"),
    path("<str:token>/heard/", views.heard, name="heard"),
    path("<str:token>/heard/<uuid:uuid>/", views.correct, name="correct"),
]
