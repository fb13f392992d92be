"""Queue messages as actions do, in a transaction that starts their delivery after the commit."""

from uuid import uuid4


def write(count, *, label="faults", how="", thread=None):
    """Queue this many messages, by default each in its own thread, and return their ids."""
    from django.db import transaction

    from outbox.actions import queue_message
    from outbox.models import Message

    keys = []
    for _number in range(count):
        key = uuid4()
        dedupe_key = f"booking:{key}:scheduled:1:requester"
        with transaction.atomic():
            queue_message(
                dedupe_key=dedupe_key,
                thread=thread or f"requester:{key}",
                recipient=f"{key}{'+' + how if how else ''}@example.com",
                sender="Walk and Talk <hello@walkandtalk.example.com>",
                subject="Your walk: Tuesday 8 December 2026, 6:30pm",
                text=f"Hello Ada. Your walk is booked. {label}\n" * 20,
                html="<p>Hello Ada. Your walk is booked.</p>" * 20,
            )
        keys.append(Message.objects.values_list("pk", flat=True).get(dedupe_key=dedupe_key))
    return keys


def rows(keys):
    from outbox.models import Message

    return Message.objects.filter(pk__in=keys)
