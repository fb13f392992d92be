from django.urls import path

from feedback.views import public, staff

app_name = "feedback"

urlpatterns = [
    path("tell-us/<str:token>/", public.tell_us, name="tell_us"),
    path("tell-us/<str:token>/thanks/", public.thanks, name="thanks"),
    path("staff/concerns/", staff.concerns, name="concerns"),
    path("staff/concerns/<uuid:uuid>/", staff.concern, name="concern"),
    path("staff/walks/<uuid:uuid>/concern/", staff.note, name="note"),
]
