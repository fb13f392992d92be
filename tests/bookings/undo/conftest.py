import pytest

from bookings.models.undoable_decisions import UndoableDecision
from tests.support.decisions import schedule_now
from tests.support.undo import all_rows


@pytest.fixture(autouse=True)
def hold(settings):
    """The real setting, under which messages wait."""
    settings.UNDO_SECONDS = 30


@pytest.fixture
def decided():
    """Return a function that makes a decision and returns what is needed to undo it, and all rows as they were."""

    def decide(act):
        before = all_rows()
        act()
        return UndoableDecision.objects.order_by("-made_at", "-release_at").first(), before

    return decide


@pytest.fixture
def scheduled(booking, inspector, team, plan, decided):
    """A booking that has just been scheduled, and the decision."""
    decision, _before = decided(lambda: schedule_now(booking, inspector, plan=plan, officers=team))
    return booking, decision
