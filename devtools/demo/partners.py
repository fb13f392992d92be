"""Inboxes for two partners of the demo. Their real ones are not ours to write to, and example.com reaches nobody."""

from partners.models.partners import Partner

INBOXES = {"Southwark Council": "southwark.council@example.com", "Transport for London": "tfl@example.com"}


def give_inboxes() -> None:
    """Without two administrators, because the demo makes them at this moment."""
    for name, inbox in INBOXES.items():
        Partner.objects.filter(name=name).update(inbox=inbox)
