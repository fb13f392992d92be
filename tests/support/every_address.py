"""Request every address of the service once as one user, and collect the responses."""

from accounts.models import SecurityEvent, SecurityEventKind
from bookings.models.read_log import ReadLog
from tests.support.access_table import lines_for, names_of_staff_pages
from tests.support.addresses import RowWatch, every_name, rolled_back
from tests.support.page_responses import PageResponse
from tests.support.planted_details import PlantedDetails

POST_WITH_ERRORS = "POST with mistakes"
INVALID_DATA = {"nothing": "right"}


def request_every_address(world, who):
    """Request every address as this user. Return the responses by name and method, and save no row."""
    with rolled_back():
        return dict(_answers(world, who))


def _answers(world, who):
    planted = PlantedDetails()
    logs = [ReadLog._meta.db_table, SecurityEvent._meta.db_table]
    client, watch, refusals = world.enter(who), RowWatch(ignoring=logs), NewRefusals()
    for name, method in [*lines_for(who), *_other_requests(who)]:
        with rolled_back():
            data = {"data": INVALID_DATA} if method == POST_WITH_ERRORS else {}
            response = world.ask(client, name, method.split()[0], **data)
            shown, logged = planted.shown_in(response), planted.newly_logged()
            yield (
                (name, method),
                PageResponse.of(
                    response,
                    changed_rows=watch.has_changed(),
                    shown=shown,
                    logged=logged,
                    refusals=refusals.routes(),
                ),
            )


class NewRefusals:
    """The lines that say that somebody asked for a page that isn't hers."""

    def __init__(self):
        self.last_line = 0
        self.routes()

    def routes(self):
        """Return the routes of the lines written since the last call."""
        lines = SecurityEvent.objects.filter(kind=SecurityEventKind.FORBIDDEN, pk__gt=self.last_line).order_by("pk")
        self.last_line = max([self.last_line, *(line.pk for line in lines)])
        return [line.route for line in lines]


def _other_requests(who):
    """Return forms sent with mistakes, by the people who reach them, and a HEAD of each staff page."""
    if who == "signed_out":
        return [(name, POST_WITH_ERRORS) for name in sorted({*every_name()} - names_of_staff_pages())]
    with_mistakes = every_name() if who == "inspector" else sorted(names_of_staff_pages())
    return [(name, POST_WITH_ERRORS) for name in with_mistakes] + [(n, "HEAD") for n in sorted(names_of_staff_pages())]
