"""A walk about which callers ask, and the page on which an operator answers them."""

import datetime

from bookings.control_room.actions import WRONG_PER_NUMBER_A_DAY, Asked, check_officers
from walkandtalk.lib import london

ADDRESS = "/staff/verify/"
START = london.to_instant(datetime.date(2026, 12, 8), datetime.time(18, 30))
END = START + datetime.timedelta(hours=1)
WORDS, WRONG = "green lantern", "blue kettle"


def check(operator, number="", words=WORDS, *, reference="", network="203.0.113.1"):
    """Return whether the answer to a caller is yes."""
    asked = Asked(shoulder_number=number, reference=reference, words=words)
    return check_officers(asked, by=operator, network=network)


def close_check(operator, walk):
    """Give wrong words for the walk ten times, by its two officers' numbers, so that even right ones get a no."""
    for officer in walk.live_officers():
        for _try in range(WRONG_PER_NUMBER_A_DAY):
            assert not check(operator, officer.shoulder_number, WRONG)
