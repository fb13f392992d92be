"""A test client that answers “Why do you need her details?” as an inspector would: with one press, and then goes on."""

from django.test import Client

from bookings.statuses import ReadReason

REASON_PAGE = "bookings/triage/reasons/reason.html"


def asks_for_reason(response):
    """Return whether the response asks why an inspector needs a requester's details."""
    return any(template.name == REASON_PAGE for template in response.templates)


def answer_reason(client, response, why=ReadReason.CHECK_WORK):
    """Press one of the buttons of the page, and return the response."""
    context = response.context
    about = f"walks/{context['walk'].pk}" if context["walk"] else f"bookings/{context['bookings'][0].pk}"
    return client.post(f"/staff/{about}/reason/", {"why": why, "page": context["page"]})


class StaffClient(Client):
    """A client that is asked why and answers, and then sends its own request again.

    `gives_reasons=False` leaves the question to the test.
    """

    def __init__(self, *args, gives_reasons=True, **options):
        super().__init__(*args, **options)
        self.gives_reasons = gives_reasons

    def get(self, *args, **options):
        return self._ask(super().get, *args, **options)

    def post(self, *args, **options):
        return self._ask(super().post, *args, **options)

    def head(self, *args, **options):
        return self._ask(super().head, *args, **options)

    def _ask(self, request, *args, **options):
        response = request(*args, **options)
        if self.gives_reasons and asks_for_reason(response):
            answer_reason(self, response)
            return request(*args, **options)
        return response
