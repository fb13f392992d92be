from django.urls import path

from feedback.views import public, staff

app_name = "feedback"

urlpatterns = [
    path("tell-us/<str:token>/", public.tell_us, name="tell_us"),
    path("tell-us/<str:token>/thanks/", public.thanks, name="thanks"),
    path("tell-us/<str:token>/heard/", public.heard, name="heard"),
    path("tell-us/<str:token>/heard/<uuid:uuid>/", public.correct, name="correct"),
    path("tell-us/<str:token>/better/", public.better, name="better"),
    path("staff/concerns/", staff.concerns, name="concerns"),
    path("staff/concerns/<uuid:uuid>/", staff.concern, name="concern"),
    path("staff/concerns/<uuid:uuid>/answer/", staff.answer, name="answer"),
    path("staff/concerns/<uuid:uuid>/join/", staff.join, name="join"),
    path("staff/walks/<uuid:uuid>/concern/", staff.note, name="note"),
    path("staff/walks/<uuid:uuid>/note/", staff.walk_note, name="walk_note"),
]
