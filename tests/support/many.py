"""Ticking bookings in the queue, and pressing one button for all of them."""

from django.urls import reverse

QUEUE = "/staff/bookings/"


def ticks(*bookings):
    """Return what the tick boxes of these bookings send: each with the version that the queue showed."""
    return [f"{booking.pk}:{booking.version}" for booking in bookings]


def open_act(client, name, *bookings, list_shown=""):
    """Press a button of the bar. Return the page that asks what it needs."""
    return client.post(reverse(name) + list_shown, {"ticked": ticks(*bookings)})


def do(client, name, *bookings, **answers):
    """Answer the page of an act. Return the summary."""
    return client.post(reverse(name), {"ticked": ticks(*bookings), "save": "yes", **answers})


def done(summary):
    return {row.booking.pk for row in summary.context["ticked"].done}


def left(summary):
    """Return why nothing was done, by the booking's id."""
    return {row.booking.pk: row.outcome for row in summary.context["ticked"].left}
