"""The questions, in the order in which she meets them (bookings/questions.py)."""

from django.urls import path

from bookings.views import contacting, request

app_name = "request"

urlpatterns = [
    path("", request.start, name="start"),
    path("danger/", request.ending, {"page": "danger"}, name="danger"),
    path("under-18/", request.under_18, name="under-18"),
    path("city/", request.ending, {"page": "city"}, name="city"),
    path("timed-out/", request.ending, {"page": "timed-out"}, name="timed-out"),
    path("closed/", request.closed, name="closed"),
    path("not-london/", request.not_london, name="not-london"),
    path("check/", request.check, name="check"),
    path("equality/", request.equality, name="equality"),
    path("keep/", request.keep, name="keep"),
    path("sent/", request.sent, name="sent"),
    path("sent/address/", contacting.sent_address, name="address"),
    path("sent/again/", contacting.sent_again, name="send_again"),
    path("<slug:question>/", request.question, name="question"),
]
