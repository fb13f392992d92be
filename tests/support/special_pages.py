"""Pages that a plain request does not show: answered or invalid questions, PINs, rate limits and errors."""

from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client, override_settings

from bookings.models.bookings import Booking
from bookings.request_form.forms.registry import FORMS
from bookings.statuses import Status
from boroughs.models.bcus import BoroughCommandUnit
from tests.support.addresses import NEUTRAL, rolled_back
from tests.support.drafts_and_messages import post_send_form
from tests.support.every_address import INVALID_DATA
from tests.support.force_provider import force_settings, open_invitation
from tests.support.page_responses import PageResponse
from walkandtalk.lib import tokens

WRONG_PASSWORD = {"username": "nobody@example.com", "password": "x"}
TOO_LONG = dict.fromkeys(["name", "place", "postcode", "email", "phone", "route", "needs_details"], "x" * 2000)
PIN = "402817"
FAILURES = ["400.html", "403.html", "404.html", "500.html", "503.html"]
FAILURES += ["discreet/400.html", "discreet/404.html", "discreet/500.html", "discreet/503.html"]
OTHER_PATHS = [
    "/request/danger/",
    "/request/under-18/",
    "/request/city/",
    "/request/not-london/",
    "/request/timed-out/",
    "/tell-us/",
    "/areas/?place=Peckham",
    "/areas/?place=Nowhere at all",
    "/nowhere/",
]


def special_pages(world):
    """Return the HTML of each special page, keyed by a description."""
    special = {
        **_of_a_request(world),
        **_behind_a_pin(world),
        **{path: world.enter("signed_out").get(path) for path in OTHER_PATHS},
        **_without_a_token(),
        **_behind_a_password_link(world),
        **_asked_too_often(world),
        **_decided_too_late(world),
        **_of_the_force(world),
    }
    pages = {what: html for what, response in special.items() if (html := PageResponse.of(response).html)}
    return pages | {name: render_to_string(name, {"run_by": settings.ORGANISATION}) for name in FAILURES}


def _of_a_request(world):
    """Return each question answered and with errors, places found, a closed team, and the pages after sending."""
    client, pages = world.enter("signed_out"), {}
    for question in FORMS:
        path = f"/request/{question}/"
        with rolled_back():
            pages[f"{question} answered"] = client.get(f"{path}?change")
            pages[f"{question} wrong"] = client.post(path, INVALID_DATA)
            pages[f"{question} too long"] = client.post(path, TOO_LONG)
    pages["places found"] = client.post("/request/area/", {"place": "peck"})
    with rolled_back():
        BoroughCommandUnit.objects.update(closed_from="2020-01-01", closed_message="At the carnival.")
        pages["closed"] = client.get("/request/closed/")
    with override_settings(PLACEHOLDERS_CLOSE_BCUS=True):
        pages |= {f"not open yet {path}": client.get(path) for path in ("/request/closed/", "/areas/southwark/")}
    with rolled_back():
        post_send_form(client)
        for path in ("/request/sent/", "/request/equality/", "/request/sent/address/"):
            pages[path] = client.get(path)
    return pages


def _behind_a_pin(world):
    """Return the responses to a wrong and a right PIN, on both hosts."""
    pages = {}
    with rolled_back():
        Booking.objects.update(channel="discreet")
        for booking in Booking.objects.select_related("contact"):
            booking.contact.pin_hmac = tokens.pin_hmac(booking.pk, PIN)
            booking.contact.save()
        for name in ("manage:page", f"{NEUTRAL}manage:page"):
            for given in ("111111", PIN):
                client = world.enter("signed_out")
                pages[f"{name} with {given}"] = world.ask(client, name, "POST", data={"pin": given}, follow=True)
    return pages


def _behind_a_password_link(world):
    """Return the page that asks for a new password, empty and with errors."""
    with rolled_back():
        client = world.enter("signed_out")
        empty = client.get(world.path("accounts:password_link"), follow=True)
        wrong = client.post("/staff/choose-password/", {"new_password1": "x"})
    assert (empty.status_code, wrong.status_code) == (200, 422)
    return {"choose a password": empty, "choose a password wrong": wrong}


def _asked_too_often(world):
    """Return the pages at a network's rate limits, and after too many wrong passwords."""
    pages = {}
    none = {f"{what}_PER_NETWORK_AN_HOUR": 0 for what in ("REQUESTS", "LINKS", "RESETS")}
    with rolled_back(), override_settings(**none):
        pages["too many resets"] = world.ask(world.enter("signed_out"), "accounts:forgotten_password", "POST")
        pages["too many requests"] = post_send_form(world.enter("signed_out"))
        for name in ("manage:find_booking", f"{NEUTRAL}manage:find_booking"):
            pages[f"too many {name}"] = world.ask(world.enter("signed_out"), name, "POST")
    with rolled_back():
        client = world.enter("signed_out")
        for _ in range(settings.WRONG_PASSWORDS_PER_PAIR + 1):
            pages["locked out"] = world.ask(client, "accounts:sign_in", "POST", data=WRONG_PASSWORD)
    assert {response.status_code for response in pages.values()} == {429}
    return pages


def _decided_too_late(world):
    """Return the page when a colleague declines the booking while an inspector fills in the form for its walk."""
    with rolled_back():
        Booking.objects.filter(status=Status.WAITING).update(status=Status.DECLINED, outcome_code="other")
        response = world.ask(world.enter("inspector"), "scheduling:schedule", "POST")
    assert response.status_code == 409
    return {"decided too late": response}


def _of_the_force(world):
    """Return the pages that are there only with the force's own sign-in switched on."""
    client, signed_in = world.enter("signed_out"), world.enter("inspector")
    with rolled_back(), override_settings(FORCE_SIGN_IN=force_settings("https://force.example")):
        client.get("/staff/sign-in/")
        open_invitation(client, world.people["on_it"])
        return {
            "accounts: force": client.get("/staff/sign-in/"),
            "accounts: force, connect": client.get("/staff/sign-in/force/connect/"),
            "accounts: force, emergency": client.get("/staff/sign-in/emergency/"),
            "accounts: force, confirm": signed_in.get("/staff/sign-in/force/confirm/"),
        }


def _without_a_token():
    client = Client(enforce_csrf_checks=True)
    hosts = {"/my-walk/": "testserver", "/r/": settings.DISCREET_HOST}
    return {f"no token {path}": client.post(path, {"pin": "x"}, headers={"host": host}) for path, host in hosts.items()}
