"""A team that the demo leaves alone: South East, with an inspector, three officers and the women a test needs.

`team.make_booking()` and `team.make_walk()` clear the board and set it anew (`board.py`), so that no
test finds what another one left.
"""

import json
from types import SimpleNamespace

MEETING_PLACE = "Greenwich station, by the clock"
PHONE = "07700 900321"
DAYS_AHEAD = 10


class Team:
    def __init__(self, stack):
        self.stack = stack

    def make_booking(self, **how):
        """A booking that waits for an answer: its `reference`, its id as `booking`, and the `page` of its requester."""
        made = self.stack.shell(
            "import json\n"
            "from tests.support.browser.team_data import create_team_data\n"
            f"print(json.dumps(create_team_data(**{how!r})))"
        )
        return SimpleNamespace(**json.loads(made))

    def make_walk(self, **how):
        """A walk with Rosa Reed and Tamsin Tull, in ten days or `in_minutes`: also has its id as `walk`."""
        return self.make_booking(with_walk=True, **how)
