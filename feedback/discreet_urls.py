"""The public pages of feedback on the neutral host, under `/r/`."""

from django.urls import path

from feedback.about_the_walk.views import AboutTheWalkPage
from feedback.answers.requester_views import FollowUpPage
from feedback.conduct.views import ConductPage, conduct_sent
from feedback.reports import views

app_name = "feedback"

urlpatterns = [
    path("<str:token>/tell/", views.SubmitReportPage.as_view(), name="submit_report"),
    path("<str:token>/tell/thanks/", views.thanks, name="thanks"),
    path("<str:token>/tell/three/", AboutTheWalkPage.as_view(), name="about_the_walk"),
    path("<str:token>/tell/else/", ConductPage.as_view(), name="conduct"),
    path("<str:token>/tell/else/sent/", conduct_sent, name="conduct_sent"),
    path("<str:token>/better/", FollowUpPage.as_view(), name="follow_up"),
    path("<str:token>/heard/", views.recorded_notes, name="recorded_notes"),
    path("<str:token>/heard/<uuid:pk>/", views.CorrectPage.as_view(), name="correct"),
]
