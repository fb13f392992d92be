"""The page that clears a day: its address, its answers as it shows them, and its button."""

from urllib.parse import urlencode

from django.urls import reverse

from outbox.models import Message
from tests.support.factories import in_days
from tests.support.markup import Markup
from walks.models.walks import Walk

CLEAR = reverse("scheduling:clear_day")
DAYS = 10
NO_NEEDS = {"contact__needs": [], "contact__needs_details": ""}


def address(*officers):
    return f"{CLEAR}?" + urlencode({"date": f"{in_days(DAYS):%Y-%m-%d}", "officer": [row.pk for row in officers]}, True)


def proposals(page):
    """Return the labels of what is proposed, by the walk's id, best first."""
    return {row.walk.pk: [proposal.label for proposal in row.proposals] for row in page.context["walks"]}


def chosen_on(page):
    """Return what the page would send if its button were pressed as it is."""
    sent = {}
    for tag in Markup(page.text).all("input"):
        kind = tag.attrs.get("type")
        if kind == "hidden" or (kind in ("radio", "checkbox") and "checked" in tag.attrs):
            sent.setdefault(tag.attrs["name"], []).append(tag.attrs["value"])
    return sent


def press(client, address, **others):
    """Open the page, change some answers, and press its button."""
    return client.post(address, {**chosen_on(client.get(address)), **others})


def way(booking, code):
    return {f"way_{booking.walk_id.hex}": code}


CANCEL, LEAVE = "cancel::", "leave::"


def officers_of(booking):
    return {officer.name for officer in Walk.objects.get(pk=booking.walk_id).live_officers()}


def messages_to(booking):
    return list(Message.objects.filter(thread__contains=str(booking.pk)).values_list("kind", flat=True))


def results(page):
    return [(result.is_done, result.words) for result in page.context["results"]]
