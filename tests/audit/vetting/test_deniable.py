"""Whether an auditor or a colleague said that an officer is not available: nobody in the team can tell."""

import datetime
import re
from itertools import zip_longest

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from audit.vetting.actions import allow_on_walks, keep_off_walks
from bookings.models.events import Event
from bookings.on_the_day.takeover.actions import ask_colleague
from bookings.on_the_day.unavailability.actions import mark_available_again, mark_not_available
from outbox.models import Message
from tests.support.factories import (
    BookingFactory,
    ClaimFactory,
    InspectorFactory,
    OfficerFactory,
    RecurringWalkFactory,
    WalkFactory,
    in_days,
    scheduled_booking,
)
from tests.support.form_data import confirmed_adjustments_data, date_data, plan_data, schedule_data
from tests.support.staff_client import StaffClient
from walkandtalk.lib import london
from walks.models.recurring_walks import RecurringWalkEvent
from walks.models.walks import Assignment

pytestmark = pytest.mark.django_db

NEW_IN_EVERY_RESPONSE = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]*')
TEAM_PAGES = ("triage:today", "triage:queue", "staff_calendar:calendar", "walks:recurring_walks", "walks:duties")
PLAIN = {"contact__needs": [], "contact__needs_details": ""}


class Scene:
    """An officer with a walk to come, one that goes on, a recurring walk, and questions to and from her."""

    def __init__(self, borough, officer, partner, inspector):
        bcu = borough.bcu
        self.officer, self.partner, self.inspector = officer, partner, inspector
        self.colleague = OfficerFactory(bcu=bcu, name="Sara Okafor", shoulder_number="15AS")
        self.waiting = BookingFactory(borough=borough)
        self.booking = scheduled_booking([officer, partner], borough=borough, **PLAIN)
        now = WalkFactory(bcu=bcu, officers=[officer, partner], start_at=timezone.now())
        self.going_on = scheduled_booking([officer, partner], borough=borough, walk=now)
        ours = WalkFactory(bcu=bcu, officers=[partner, self.colleague], start_at=in_days(12))
        self.other = scheduled_booking([partner, self.colleague], borough=borough, walk=ours, **PLAIN)
        self.recurring = RecurringWalkFactory(bcu=bcu, officers=[officer, partner])
        ask_colleague(ours, by=partner, colleague=officer)
        ask_colleague(self.booking.walk, by=officer, colleague=self.colleague)
        for booking in (self.waiting, self.booking, self.going_on, self.other):
            ClaimFactory(booking=booking, officer=inspector)

    def pages(self):
        """Yield what each colleague asks for: who, the method, the address, and what is sent."""
        walks, bookings = [self.booking.walk, self.going_on.walk, self.other.walk], [self.booking, self.going_on]
        for walk in walks:
            for who in (self.inspector, self.partner, self.officer, self.colleague):
                yield who, "get", reverse("on_the_day:walk", args=[walk.pk]), {}
        for booking in [*bookings, self.waiting]:
            yield self.inspector, "get", reverse("triage:booking", args=[booking.pk]), {}
        for name in (
            "triage:today",
            "triage:queue",
            "staff_calendar:calendar",
            "walks:recurring_walks",
            "walks:duties",
        ):
            yield self.inspector, "get", reverse(name), {}
        for who in (self.partner, self.officer, self.colleague):
            yield who, "get", reverse("feedback:officer_today"), {}
            yield who, "get", reverse("on_the_day:walks"), {}
        yield self.inspector, "get", reverse("walks:duties"), {"month": f"{london.today():%Y-%m}"}
        yield self.inspector, "get", reverse("walks:recurring_walk", args=[self.recurring.pk]), {}
        yield from self.pages_about_her()
        yield from self._decisions()

    def pages_about_her(self):
        for who in (self.inspector, self.officer):
            for name in ("walks:officer_duties", "walks:leave", "walks:weekly_duty", "on_the_day:not_available"):
                yield who, "get", reverse(name, args=[self.officer.pk]), {}
            yield who, "post", reverse("walks:leave", args=[self.officer.pk]), date_data("first", days=20)
            yield who, "post", reverse("on_the_day:available_again", args=[self.officer.pk]), {}
            yield who, "post", reverse("on_the_day:not_available", args=[self.officer.pk]), {}
            yield who, "post", reverse("on_the_day:available_again", args=[self.officer.pk]), {}
            yield who, "get", reverse("walks:officer_duties", args=[self.officer.pk]), {}

    def _decisions(self):
        pair = [self.officer, self.partner]
        text = f"{self.officer.shoulder_number},{in_days(10):%Y-%m-%d},9am to 11pm"
        day = {"date": f"{in_days(10):%Y-%m-%d}", "officer": self.partner.pk}
        change = {**plan_data(pair, days=12), **confirmed_adjustments_data(self.other), "version": 1}
        yield self.inspector, "get", reverse("scheduling:schedule", args=[self.waiting.pk]), {}
        yield self.inspector, "post", reverse("scheduling:schedule", args=[self.waiting.pk]), schedule_data(pair)
        yield self.inspector, "get", reverse("scheduling:change_walk", args=[self.other.walk.pk]), {}
        yield self.inspector, "post", reverse("scheduling:change_walk", args=[self.other.walk.pk]), change
        yield self.inspector, "get", reverse("scheduling:offer_recurring_walk", args=[self.waiting.pk]), {}
        yield self.inspector, "post", reverse("walks:import_duties"), {"text": text}
        yield self.inspector, "get", reverse("scheduling:clear_day"), day
        yield self.inspector, "post", reverse("triage:find_booking"), {"words": self.officer.name}
        ask = reverse("on_the_day:ask_colleague", args=[self.other.walk.pk])
        yield self.partner, "get", ask, {}
        yield self.partner, "post", ask, {"colleague": self.officer.pk}


def read_as(pages, act):
    """Act, and return everything that colleagues read then. Afterwards it has not happened."""
    a_minute_later = timezone.now() + datetime.timedelta(minutes=1)
    with transaction.atomic(), time_machine.travel(a_minute_later, tick=False):
        act()
        read = [_response(*page) for page in pages()]
        read += sorted(_read_by_recipient(message) for message in Message.objects.all())
        read += sorted(map(str, Event.objects.values_list("kind", "by", "walk", "booking", "code")))
        read += sorted(RecurringWalkEvent.objects.values_list("kind", "by"))
        read += list(Assignment.objects.order_by("pk").values_list("officer", "is_live", "left_reason"))
        transaction.set_rollback(True)
    return read


def _read_by_recipient(message):
    """Return the message as it reads. A requester's has a new link each time."""
    is_to_staff = not message.thread.startswith("requester:")
    return message.kind, message.recipient, message.subject, message.text if is_to_staff else ""


def _response(who, method, address, data):
    client = StaffClient()
    client.force_login(who)
    response = getattr(client, method)(address, data)
    text = NEW_IN_EVERY_RESPONSE.sub(r"\1", response.text)
    return who.name, method, address, response.status_code, response.get("Location"), text


def differences(one, other):
    return [pair for pair in zip_longest(one, other) if pair[0] != pair[1]]


@pytest.fixture
def scene(southwark, officer, second_officer, inspector):
    with time_machine.travel(in_days(3, hour=12), tick=False):
        yield Scene(southwark, officer, second_officer, inspector)


def test_nobody_can_tell_who_said_that_she_is_not_available(scene, auditor, bcu):
    another = InspectorFactory(bcu=bcu, name="Carla Colleague")

    by_an_auditor = read_as(scene.pages, lambda: keep_off_walks(scene.officer, by=auditor, reason="Case 12 of 2026"))
    by_the_team = read_as(scene.pages, lambda: mark_not_available(scene.officer, by=another))
    by_nobody = read_as(scene.pages, lambda: None)

    assert differences(by_an_auditor, by_the_team) == []
    assert len(differences(by_an_auditor, by_nobody)) > 20


def test_nobody_can_tell_who_else_said_so(scene, auditor, bcu, inspector):
    """The inspector said so herself first, and then takes it back."""
    another = InspectorFactory(bcu=bcu, name="Carla Colleague")

    def both(second, by, **reason):
        mark_not_available(scene.officer, by=inspector)
        second(scene.officer, by=by, **reason)

    by_an_auditor = read_as(scene.pages_about_her, lambda: both(keep_off_walks, auditor, reason="Case 12 of 2026"))
    by_the_team = read_as(scene.pages_about_her, lambda: both(mark_not_available, another))

    assert differences(by_an_auditor, by_the_team) == []


def test_nobody_can_tell_who_let_her_walk_again(scene, auditor, bcu):
    another, pages = InspectorFactory(bcu=bcu, name="Carla Colleague"), scene.pages_about_her

    def by_an_auditor():
        keep_off_walks(scene.officer, by=auditor, reason="Case 12 of 2026")
        allow_on_walks(scene.officer, by=auditor, reason="Case 12 closed")

    def by_the_team():
        mark_not_available(scene.officer, by=another)
        mark_available_again(scene.officer, by=another)

    assert differences(read_as(pages, by_an_auditor), read_as(pages, by_the_team)) == []
