from django.urls import path

from feedback.answers.requester_views import better
from feedback.answers.views import answer
from feedback.concerns.views import concern, concerns, join
from feedback.reports.officer_notes import note, walk_note
from feedback.reports.views import correct, heard, tell_us, thanks

app_name = "feedback"

urlpatterns = [
    path("tell-us/<str:token>/", tell_us, name="tell_us"),
    path("tell-us/<str:token>/thanks/", thanks, name="thanks"),
    path("tell-us/<str:token>/heard/", heard, name="heard"),
    path("tell-us/<str:token>/heard/<uuid:uuid>/", correct, name="correct"),
    path("tell-us/<str:token>/better/", better, name="better"),
    path("staff/concerns/", concerns, name="concerns"),
    path("staff/concerns/<uuid:uuid>/", concern, name="concern"),
    path("staff/concerns/<uuid:uuid>/answer/", answer, name="answer"),
    path("staff/concerns/<uuid:uuid>/join/", join, name="join"),
    path("staff/walks/<uuid:uuid>/concern/", note, name="note"),
    path("staff/walks/<uuid:uuid>/note/", walk_note, name="walk_note"),
]
