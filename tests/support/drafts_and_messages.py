"""The last press of a request, with all that its page sends along."""

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
    """What a browser sends from the check page: its hidden fields as they stand."""
    page = Markup(client.get(CHECK).text)
    return {tag.attrs["name"]: tag.attrs.get("value", "") for tag in page.all("input")}


def post_send_form(client, **options):
    return client.post(CHECK, send_form_data(client), **options)


def make_complete_draft(*, borough="E09000028", email="maya@example.com", **other):
    """A draft in which everything is answered, and the cookie that opens it."""
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
    """A message to an officer about her walk that her mail server refused."""
    key = f"walk:{walk.pk}:officer_assigned:{uuid.uuid4()}:officer"
    return _written(key, officer_thread(walk, officer), officer.email, expires_at=walk.end_at, state=State.FAILED)


def make_requester_message(booking, number=1, **changes):
    """A message to her in the state that these changes say. Another number is another message."""
    return _written(
        f"booking:{booking.pk}:scheduled:{number}:requester", requester_thread(booking), "maya@example.com", **changes
    )


def _written(key, thread, recipient, *, expires_at=None, **changes):
    with transaction.atomic():
        message = queue_message(
            dedupe_key=key,
            thread=thread,
            recipient=recipient,
            sender="Walk and Talk <hello@walkandtalk.example.com>",
            subject="Your walk: Tuesday 8 December 2026, 6:30pm",
            text="Hello.",
            html="<p>Hello.</p>",
            expires_at=expires_at,
        )
    Message.objects.filter(pk=message.pk).update(**changes)
    message.refresh_from_db()
    return message
