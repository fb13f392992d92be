"""A team without demo data: South East, with two inspectors, three officers and the requesters a test needs.

`team.make_booking()` and `team.make_walk()` delete the team's rows and create them again (`team_data.py`), so that
no test finds rows from another.
"""

import json
from types import SimpleNamespace

MEETING_PLACE = "Greenwich station, by the clock"
PHONE = "07700 900321"
DAYS_AHEAD = 10


class Team:
    def __init__(self, stack):
        self.stack = stack

    def make_booking(self, **options):
        """Make a waiting booking. Return its `reference`, id (`booking`), `page` of the requester, and her `email`."""
        return SimpleNamespace(**self._call("create_team_data", f"**{options!r}"))

    def make_requests(self, count, **options):
        """Make requests beside those of `make_booking` that nobody has claimed yet. Return their ids."""
        return self._call("create_requests", f"{count}, **{options!r}")

    def _call(self, function, arguments):
        output = self.stack.shell(
            "import json\n"
            f"from tests.support.browser.team_data import {function}\n"
            f"print(json.dumps({function}({arguments})))"
        )
        return json.loads(output)

    def make_walk(self, **options):
        """Make a walk with Rosa Reed and Tamsin Tull, in ten days or `in_minutes`. Return also its id as `walk`."""
        return self.make_booking(with_walk=True, **options)
