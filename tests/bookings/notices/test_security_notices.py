"""The words of security notices: each act of the team has its own sentence."""

import pytest

from bookings.notices.security_notices import announce_team_act, announce_wrong_pins, current_route
from bookings.statuses import EventKind
from outbox.models import Message
from tests.support.factories import scheduled_booking
from tests.support.sample_messages import record_event
from walkandtalk.lib import london


@pytest.fixture
def booking(southwark, officer, second_officer):
    return scheduled_booking([officer, second_officer], borough=southwark)


@pytest.mark.parametrize(
    ("kind", "news"),
    [
        (EventKind.PIN_RESET, "Your team made a new PIN for your request on "),
        (EventKind.FIRST_PIN_ISSUED, "Your team made a new PIN for your request on "),
        (EventKind.HANDED_OVER, "Your request went to another team or inspector on "),
        (EventKind.REASSIGNED, "Your request went to another team or inspector on "),
        (EventKind.UNFROZEN, "We opened your request again on "),
        (EventKind.MESSAGES_RESUMED, "You asked us on "),
        (EventKind.ADDRESS_CORRECTED, "The contact details for your request changed on "),
    ],
)
def test_notice_begins_with_the_act(kind, news, booking):
    announce_team_act(booking, record_event(booking, kind), before=current_route(booking))

    assert Message.objects.get().text.startswith(f"Hello Maya Example. {news}{london.long_date(london.today())}")


def test_notice_of_wrong_pins_greets_her_by_name(booking):
    announce_wrong_pins(booking, record_event(booking, EventKind.WRONG_PINS), day=london.today())

    assert Message.objects.get().text.startswith("Hello Maya Example. Someone entered a wrong PIN")
