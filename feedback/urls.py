from django.urls import path

from feedback.about_the_walk.views import AboutTheWalkPage
from feedback.answers.requester_views import FollowUpPage
from feedback.answers.views import AnswerImprovementPage, AnswerPage
from feedback.concerns.improvement_views import ImprovePage, JoinPage, LeaveButton
from feedback.concerns.place_views import PlacePage
from feedback.concerns.views import ConcernPage, HandOverPage, TakeButton, concerns, find, my_concerns
from feedback.conduct.views import ConductPage, conduct_sent
from feedback.officer_today import officer_today
from feedback.reports.officer_notes import RecordConcernPage, WalkNotePage
from feedback.reports.views import CorrectPage, SubmitReportPage, recorded_notes, thanks

app_name = "feedback"

urlpatterns = [
    path("tell-us/<str:token>/", SubmitReportPage.as_view(), name="submit_report"),
    path("tell-us/<str:token>/thanks/", thanks, name="thanks"),
    path("tell-us/<str:token>/heard/", recorded_notes, name="recorded_notes"),
    path("tell-us/<str:token>/heard/<uuid:pk>/", CorrectPage.as_view(), name="correct"),
    path("tell-us/<str:token>/better/", FollowUpPage.as_view(), name="follow_up"),
    path("tell-us/<str:token>/walk/", AboutTheWalkPage.as_view(), name="about_the_walk"),
    path("tell-us/<str:token>/conduct/", ConductPage.as_view(), name="conduct"),
    path("tell-us/<str:token>/conduct/sent/", conduct_sent, name="conduct_sent"),
    path("staff/today/officer/", officer_today, name="officer_today"),
    path("staff/concerns/", concerns, name="concerns"),
    path("staff/concerns/mine/", my_concerns, name="my_concerns"),
    path("staff/concerns/find/", find, name="find_concerns"),
    path("staff/concerns/<uuid:pk>/take/", TakeButton.as_view(), name="take"),
    path("staff/concerns/<uuid:pk>/hand-over/", HandOverPage.as_view(), name="hand_over"),
    path("staff/concerns/<uuid:pk>/", ConcernPage.as_view(), name="concern"),
    path("staff/concerns/<uuid:pk>/answer/", AnswerPage.as_view(), name="answer"),
    path("staff/concerns/<uuid:pk>/join/", JoinPage.as_view(), name="join"),
    path("staff/concerns/<uuid:pk>/place/", PlacePage.as_view(), name="place"),
    path("staff/concerns/<uuid:pk>/leave/", LeaveButton.as_view(), name="leave"),
    path("staff/concerns/<uuid:pk>/improve/", ImprovePage.as_view(), name="improve"),
    path("staff/improvements/<uuid:pk>/answer/", AnswerImprovementPage.as_view(), name="answer_improvement"),
    path("staff/walks/<uuid:pk>/concern/", RecordConcernPage.as_view(), name="record_concern"),
    path("staff/walks/<uuid:pk>/note/", WalkNotePage.as_view(), name="walk_note"),
]
