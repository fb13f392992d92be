"""Every public form, with valid answers."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from django.conf import settings
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.request_form.forms.registry import FORMS
from boroughs.models.bcus import BoroughCommandUnit
from tests.support.addresses import NEUTRAL
from tests.support.drafts_and_messages import make_complete_draft, post_send_form
from tests.support.form_data import date_data
from tests.support.place_reports import ANSWERS as PLACE_ANSWERS
from walkandtalk.lib import tokens

PIN = "402817"
ONE_TIME_PIN = "730514"
VALID_ANSWERS = {
    "age": {"adult": "yes"},
    "area": {"place": "Peckham Rye"},
    "accompanied": {"together": "yes"},
    "meeting-place": {"how": "place", "place": "Peckham Rye station", "map_point": "51.47001,-0.06802"},
    "when": {**date_data("first_date", days=12), "first_start": "6:30pm"},
    "name": {"name": "Maya"},
    "contact": {
        "channel": "full",
        "email": "maya@example.com",
        "phone": "07700 900123",
        "phone_rules": "text",
        "name": "Maya",
    },
    "pin": {"pin": PIN},
    "needs": {"needs": "other", "needs_details": "A bench on the way"},
    "route": {"route": "Through the park"},
    "about": {"about": "place"},
    "company": {"companions": "1", "adults": "on"},
    "passing-on": {"without_name": "no"},
    "restricted": {},
}
FOLLOW_ANSWERS = {"area": "southwark", "email": "ines@example.com"}
REPORT_DATA = {
    "text": "The lamps are out",
    "safe_place": "The bakery",
    "light": "dark",
    "consent": "yes",
    "before": "2",
}
HIDDEN = ("submission", "of", "rendered")


@dataclass
class PublicForm:
    """A form with its path, the steps before it, and valid answers."""

    path: str
    right: dict = field(default_factory=dict)
    before: Callable = lambda client: None
    is_search: bool = False  # its answers are in the address

    def enter(self, world):
        client = world.enter("signed_out")
        self.before(client)
        return client

    def open(self, client):
        return client.get(self.path, headers={"host": self.host})

    def send(self, client, given, **options):
        ask = client.get if self.is_search else client.post
        return ask(self.path, given, headers={"host": self.host}, **options)

    @property
    def host(self):
        return settings.DISCREET_HOST if self.path.startswith("/r/") else "testserver"

    def answers(self, page):
        """Return the valid answers, with the hidden fields of the page."""
        unseen = {tag.attrs["name"]: tag.attrs.get("value", "") for tag in page.all("input") if "name" in tag.attrs}
        return {name: value for name, value in unseen.items() if name in HIDDEN} | self.right


def public_forms(world):
    """Return the public forms by name."""
    questions = {name: PublicForm(f"/request/{name}/", VALID_ANSWERS[name]) for name in FORMS}
    questions["accompanied"].before = _as_under_18
    return {
        **questions,
        "start": PublicForm("/request/", {"danger": "no"}),
        "check": PublicForm("/request/check/"),
        "sent address": PublicForm("/request/sent/address/", {"email": "right@example.com"}, post_send_form),
        "ask again": PublicForm(world.path("manage:ask_again")),
        "equality": PublicForm("/request/equality/", {"age": "25_34"}, post_send_form),
        "tell us, area": PublicForm("/tell-us/place/", {"place": "Peckham Rye"}),
        "tell us, place": PublicForm(world.path("tell_us:place"), PLACE_ANSWERS),
        "follow": PublicForm(world.path("following:follow"), FOLLOW_ANSWERS),
        "follow an area": PublicForm(world.path("following:follow_area"), FOLLOW_ANSWERS),
        "a partner's answer": PublicForm(world.path("partner_answers:answer"), world.answers["partner_answers:answer"]),
        "areas": PublicForm("/areas/", {"place": "Peckham"}, is_search=True),
        **_requester_booking(world, ""),
        **_requester_booking(world, NEUTRAL),
    }


def _requester_booking(world, host):
    page = world.path(f"{host}manage:page")
    pages = {
        name: PublicForm(world.path(f"{host}manage:{name}"), world.answers.get(f"manage:{name}", {}))
        for name in (
            "find_booking",
            "answer_offer",
            "request_other_times",
            "cancel",
            "change_address",
            "unsafe_inbox",
            "stop_messages",
            "one_officer",
            "message_team",
        )
    }
    pages["tell us"] = PublicForm(
        world.path(f"{host}feedback:submit_report"), {**world.answers["feedback:submit_report"], **REPORT_DATA}
    )
    for name in ("find", "follow_up", "stop_messages", "delete"):
        path = world.path(f"{host}tell_us:{name}")
        pages[f"tell us, {name}"] = PublicForm(path, world.answers.get(f"tell_us:{name}", {}))
    for name in ("about_the_walk", "conduct"):
        pages[name] = PublicForm(world.path(f"{host}feedback:{name}"), world.answers[f"feedback:{name}"])
    for name in ("copy", "erase", "undo_erasure"):
        answers = world.answers[f"data_rights:{name}"]
        pages[name] = PublicForm(world.path(f"{host}data_rights:{name}"), answers)
    correct = world.answers["feedback:correct"]
    pages["what we heard"] = PublicForm(world.path(f"{host}feedback:correct"), correct)
    is_better = world.answers["feedback:follow_up"]
    pages["is it better"] = PublicForm(world.path(f"{host}feedback:follow_up"), is_better)
    with_pin = {"email": "right@example.com", "pin": PIN}
    pages["address with PIN"] = PublicForm(pages["change_address"].path, with_pin, partial(_give_pin, channel="full"))
    pages["PIN"] = PublicForm(page, {"pin": PIN}, partial(_give_pin, channel="discreet"))
    pages["new PIN"] = PublicForm(page, {"new_pin": "830295"}, partial(_give_once, page=PublicForm(page)))
    return {f"{host}{name}": form for name, form in pages.items()}


def _as_under_18(client):
    BoroughCommandUnit.objects.update(accepts_16_17=True)
    _draft, cookie = make_complete_draft(age={"adult": "no"}, accompanied={"together": "yes"})
    client.cookies[settings.ANSWERS_COOKIE_NAME] = cookie


def _give_pin(client, *, channel):
    Booking.objects.update(channel=channel)
    for booking in Booking.objects.select_related("contact"):
        booking.contact.pin_hmac = tokens.pin_hmac(booking.pk, PIN)
        booking.contact.save()


def _give_once(client, *, page):
    """Enter a one-time PIN, as a requester does after an inspector reads it out."""
    _give_pin(client, channel="discreet")
    for booking in Booking.objects.select_related("contact"):
        booking.contact.one_time_pin_hmac = tokens.pin_hmac(booking.pk, ONE_TIME_PIN)
        booking.contact.one_time_pin_expires_at = timezone.now() + datetime.timedelta(minutes=30)
        booking.contact.save()
    page.send(client, {"pin": ONE_TIME_PIN})
