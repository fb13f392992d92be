"""Complete drafts, the form that sends them, and messages in any state."""

import uuid

from django.db import transaction

from bookings.models.drafts import Draft
from bookings.notices.threads import officer_thread, requester_thread
from outbox.actions import queue_message
from outbox.models import Message
from outbox.statuses import State
from tests.support.factories import in_days
from tests.support.markup import Markup

CHECK = "/request/check/"


def send_form_data(client):
    """Return the data that a browser sends from the check page: its hidden fields."""
    page = Markup(client.get(CHECK).text)
    return {tag.attrs["name"]: tag.attrs.get("value", "") for tag in page.all("input")}


def post_send_form(client, **options):
    return client.post(CHECK, send_form_data(client), **options)


def make_complete_draft(*, borough="E09000028", email="maya@example.com", **other):
    """Make a draft with every question answered. Return it with the cookie that opens it."""
    draft, cookie = Draft.objects.start()
    draft.answers = {
        "start": {"danger": "no"},
        "age": {"adult": "yes"},
        "area": {"borough": borough, "ward": ""},
        "meeting-place": {"how": "place", "place": "Peckham Rye station"},
        "when": {"preferred_times": [[in_days(10).date().isoformat(), "18:30:00"]], "also": []},
        "name": {"name": "Maya"},
        "contact": {"channel": "full", "email": email, "phone": "", "phone_rules": [], "phone_times": ""},
        "needs": {"needs": [], "needs_details": ""},
        **other,
    }
    draft.save()
    return draft, cookie


def make_undelivered_officer_message(walk, officer):
    """Make a message about a walk that the officer's mail server refused."""
    key = f"walk:{walk.pk}:officer_assigned:{uuid.uuid4()}:officer"
    return _written(key, officer_thread(walk, officer), officer.email, expires_at=walk.end_at, state=State.FAILED)


def make_requester_message(booking, number=1, **changes):
    """Make a message to the requester, with these changes to its columns. Each number is a separate message."""
    return _written(
        f"booking:{booking.pk}:scheduled:{number}:requester", requester_thread(booking), "maya@example.com", **changes
    )


def _written(key, thread, recipient, *, expires_at=None, **changes):
    with transaction.atomic():
        queue_message(
            dedupe_key=key,
            thread=thread,
            recipient=recipient,
            sender="Walk and Talk <hello@walkandtalk.example.com>",
            subject="Your walk: Tuesday 8 December 2026, 6:30pm",
            text="Hello.",
            html="<p>Hello.</p>",
            expires_at=expires_at,
        )
    Message.objects.filter(dedupe_key=key).update(**changes)
    return Message.objects.get(dedupe_key=key)
