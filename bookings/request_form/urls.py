from django.urls import path

from bookings.request_form.views import (
    check,
    closed,
    ending,
    equality,
    keep_answers,
    not_london,
    question,
    sent,
    start,
    under_18,
)

app_name = "request_form"

urlpatterns = [
    path("", start, name="start"),
    path("danger/", ending, {"page": "danger"}, name="danger"),
    path("under-18/", under_18, name="under-18"),
    path("city/", ending, {"page": "city"}, name="city"),
    path("timed-out/", ending, {"page": "timed-out"}, name="timed-out"),
    path("closed/", closed, name="closed"),
    path("not-london/", not_london, name="not-london"),
    path("check/", check, name="check"),
    path("equality/", equality, name="equality"),
    path("keep/", keep_answers, name="keep_answers"),
    path("sent/", sent, name="sent"),
    path("<slug:question>/", question, name="question"),
]
