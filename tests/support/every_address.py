"""Request every address of the service once as one user, and collect the responses."""

from tests.support.access_table import lines_for, names_of_staff_pages
from tests.support.addresses import RowWatch, every_name, rolled_back
from tests.support.page_responses import PageResponse

POST_WITH_ERRORS = "POST with mistakes"
INVALID_DATA = {"nothing": "right"}


def request_every_address(world, who):
    """Request every address as this user. Return the responses by name and method, and save no row."""
    with rolled_back():
        return dict(_answers(world, who))


def _answers(world, who):
    client, watch = world.enter(who), RowWatch()
    for name, method in lines_for(who):
        with rolled_back():
            response = world.ask(client, name, method)
            yield (name, method), PageResponse.of(response, changed_rows=watch.has_changed())
    for name in _names_with_mistakes(who):
        with rolled_back():
            yield (name, POST_WITH_ERRORS), PageResponse.of(world.ask(client, name, "POST", data=INVALID_DATA))


def _names_with_mistakes(who):
    if who == "inspector":
        return every_name()
    return sorted({*every_name()} - names_of_staff_pages()) if who == "signed_out" else []
