"""Telling us about a place without asking for a walk, as a browser does."""

import datetime
import uuid

from django.test import Client
from django.utils import timezone

from bookings.statuses import Channel
from feedback.models.concerns import Report
from feedback.models.contacts import ReportLink
from feedback.place_reports.actions import ContactChoice, PlaceReport, submit_place_report
from feedback.place_reports.forms import PlaceReportForm
from feedback.statuses import State
from tests.support.factories import InspectorFactory
from tests.support.feedback_factories import REVIEW_DATE, make_follow_up_question, make_report_submission
from tests.support.markup import Markup

PLACE = "/tell-us/place/southwark/"
PIN = "402817"
ANSWERS = {
    "place_kinds": ["lighting"],
    "place": "The path behind the library",
    "map_point": "51.47001,-0.06802",
    "light": "dark",
    "time_of_day": "evening",
    "how_often": "always",
    "before": "2",
    "text": "I cannot see the ground.",
    "consent": "yes",
    "channel": "full",
    "email": "ines@example.com",
    "pin": "",
}


def hidden_fields(client, path=PLACE):
    """Return what a browser sends back unseen."""
    tags = Markup(client.get(path).text).all("input")
    return {tag.attrs["name"]: tag.attrs.get("value", "") for tag in tags if tag.attrs.get("type") == "hidden"}


def tell(client=None, **answers):
    """Fill in the form and send it. Return the response."""
    client = client or Client()
    return client.post(PLACE, {**hidden_fields(client), **ANSWERS, **answers})


def make_place_report(borough, *, channel=Channel.FULL, email="ines@example.com", is_confirmed=True, **told):
    """Make a report without a booking. Return the contact."""
    sent = PlaceReport(
        borough=borough,
        ward=None,
        told=make_report_submission(**told),
        contact=ContactChoice(
            channel=channel,
            email="" if channel == Channel.NONE else email,
            pin="" if channel == Channel.FULL else PIN,
        ),
    )
    contact = submit_place_report(sent, submission=uuid.uuid4(), network=f"network {uuid.uuid4()}").contact
    if is_confirmed:
        contact.confirmed_at = timezone.now()
        contact.save(update_fields=["confirmed_at"])
        contact.report.is_confirmed = channel != Channel.NONE
        contact.report.save(update_fields=["is_confirmed"])
    return contact


def make_place_report_question(contact):
    """Ask whether it is better, after something was done about a report without a booking."""
    concern = contact.report.concerns.get()
    concern.state = State.RESOLVED
    concern.owner = InspectorFactory(bcu=concern.bcu)
    concern.review_date = REVIEW_DATE
    concern.save()
    return make_follow_up_question(concern)


def place_report_data():
    """Return valid answers of a page that was shown an hour ago."""
    form = PlaceReportForm(map_start=None, now=timezone.now() - datetime.timedelta(hours=1))
    return {**ANSWERS, **{name: str(form.initial[name]) for name in ("submission", "rendered")}}


def the_contact():
    return Report.objects.get().contact


def link_to(contact):
    return ReportLink.objects.create_token(contact, expires_at=timezone.now() + datetime.timedelta(days=1))
