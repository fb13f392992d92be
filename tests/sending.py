"""The last press of a request, with all that its page sends along."""

from bookings.models import Draft
from tests.factories import in_days
from tests.markup import Markup

CHECK = "/request/check/"


def send_form(client):
    """What a browser sends from the check page: its hidden fields as they stand."""
    page = Markup(client.get(CHECK).text)
    return {tag.attrs["name"]: tag.attrs.get("value", "") for tag in page.all("input")}


def press_send(client, **options):
    return client.post(CHECK, send_form(client), **options)


def finished_draft(*, borough="E09000028", email="maya@example.com", **other):
    """A draft in which everything is answered, and the cookie that opens it."""
    draft, cookie = Draft.objects.start()
    draft.answers = {
        "start": {"danger": "no"},
        "age": {"adult": "yes"},
        "area": {"borough": borough, "ward": ""},
        "meeting-place": {"how": "place", "place": "Peckham Rye station"},
        "when": {"wishes": [[in_days(10).date().isoformat(), "18:30:00"]], "also": []},
        "name": {"name": "Maya"},
        "contact": {"channel": "full", "email": email, "phone": "", "phone_rules": [], "phone_times": ""},
        "needs": {"needs": [], "needs_details": ""},
        **other,
    }
    draft.save()
    return draft, cookie
