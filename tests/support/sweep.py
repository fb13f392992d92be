"""Every address of the service asked once by one person, and what it answered."""

from tests.support.access_table import lines_for, names_of_staff_pages
from tests.support.addresses import RowWatch, every_name, undone
from tests.support.answers import Answer

WITH_MISTAKES = "POST with mistakes"
MISTAKES = {"nothing": "right"}


def sweep(world, who):
    """Ask every address as this person. Return the answers by name and method, and leave no row behind."""
    with undone():
        return dict(_answers(world, who))


def _answers(world, who):
    client, watch = world.enter(who), RowWatch()
    for name, method in lines_for(who):
        with undone():
            response = world.ask(client, name, method)
            yield (name, method), Answer.of(response, changed_rows=watch.sees_a_change())
    for name in _names_with_mistakes(who):
        with undone():
            yield (name, WITH_MISTAKES), Answer.of(world.ask(client, name, "POST", data=MISTAKES))


def _names_with_mistakes(who):
    if who == "inspector":
        return every_name()
    return sorted({*every_name()} - names_of_staff_pages()) if who == "signed_out" else []
