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
        return _Requests(world, who).send_all()


class _Requests:
    def __init__(self, world, who):
        self.world, self.who = world, who
        self.planted, self.refusals = PlantedDetails(), NewRefusals()
        logs = [ReadLog._meta.db_table, SecurityEvent._meta.db_table]
        self.client, self.watch = world.enter(who), RowWatch(ignoring=logs)

    def send_all(self):
        answers = {line: self.send(*line) for line in [*lines_for(self.who), *_forms_with_mistakes(self.who)]}
        shown = {name: answer.shown for (name, method), answer in answers.items() if method == "GET" and answer.shown}
        return answers | {(name, "HEAD"): self.send(name, "HEAD", shown=rows) for name, rows in shown.items()}

    def send(self, name, method, *, shown=None):
        """Return the response. A HEAD has no content, so it is given what the GET showed, unless HEAD is refused."""
        with rolled_back():
            data = {"data": INVALID_DATA} if method == POST_WITH_ERRORS else {}
            response = self.world.ask(self.client, name, method.split()[0], **data)
            if shown is None or response.status_code == 405:
                shown = self.planted.shown_in(response)
            return PageResponse.of(
                response,
                changed_rows=self.watch.has_changed(),
                shown=shown,
                logged=self.planted.newly_logged(),
                refusals=self.refusals.routes(),
            )


class NewRefusals:
    """The lines that say that someone asked for a page that isn't hers."""

    def __init__(self):
        self.last_line = 0
        self.routes()

    def routes(self):
        """Return the routes of the lines written since the last call."""
        lines = SecurityEvent.objects.filter(kind=SecurityEventKind.FORBIDDEN, pk__gt=self.last_line).order_by("pk")
        self.last_line = max([self.last_line, *(line.pk for line in lines)])
        return [line.route for line in lines]


def _forms_with_mistakes(who):
    """Return forms sent with mistakes, by the people who reach them."""
    if who == "signed_out":
        return [(name, POST_WITH_ERRORS) for name in sorted({*every_name()} - names_of_staff_pages())]
    names = every_name() if who == "inspector" else sorted(names_of_staff_pages())
    return [(name, POST_WITH_ERRORS) for name in names]
