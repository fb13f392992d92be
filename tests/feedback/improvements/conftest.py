"""Two women who told us of the same place, and the improvement that their concerns are part of."""

import pytest

from feedback.improvements.actions import ImprovementDetails, make_improvement
from feedback.models.concerns import Concern
from feedback.statuses import State
from outbox.models import Message
from tests.support.factories import in_days
from tests.support.feedback_factories import REVIEW_DATE, ConcernFactory, make_completed_booking

DETAILS = ImprovementDetails(
    change="Mend lamp column 14",
    where="Rye Lane, behind the library",
    kind="lighting",
    light="dark",
    lamp_number="14",
    review_date=REVIEW_DATE,
)


@pytest.fixture
def maya(officer, inspector):
    """The concern of the first woman, who is called Maya."""
    booking = make_completed_booking([officer])
    accepted = {"state": State.ACCEPTED, "owner": inspector, "review_date": REVIEW_DATE}
    return ConcernFactory(report__booking=booking, consent=True, **accepted)


@pytest.fixture
def joan(officer, inspector):
    """The concern of another woman, in other words and of another kind."""
    named = {"contact__name": "Joan", "contact__email": "joan@example.com"}
    booking = make_completed_booking([officer], start_at=in_days(-3), **named)
    accepted = {"state": State.ACCEPTED, "owner": inspector, "review_date": REVIEW_DATE}
    told = {"kind": "path", "place": "By the arches", "text": "Her own words.", "reported_at": in_days(-2)}
    return ConcernFactory(report__booking=booking, **told, **accepted)


@pytest.fixture
def improvement(maya, joan, inspector):
    made = make_improvement(
        DETAILS, borough=maya.borough, place=None, concerns=[maya, joan], by=inspector, version=maya.version
    )
    Message.objects.all().delete()
    return made


def reload(row):
    return type(row).objects.get(pk=row.pk)


def states(*concerns):
    return [reload(concern).state for concern in concerns]


def recipients(**which):
    return sorted(message.recipient for message in Message.objects.filter(**which))


def joined(improvement):
    return set(Concern.objects.filter(improvement=improvement))
