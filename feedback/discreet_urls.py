"""The same public pages on the neutral host, under `/r/`."""

from django.urls import path

from feedback.views import public

app_name = "feedback"

urlpatterns = [
    path("<str:token>/tell/", public.tell_us, name="tell_us"),
    path("<str:token>/tell/thanks/", public.thanks, name="thanks"),
    path("<str:token>/better/", public.better, name="better"),
    path("<str:token>/heard/", public.heard, name="heard"),
    path("<str:token>/heard/<uuid:uuid>/", public.correct, name="correct"),
]
