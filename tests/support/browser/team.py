"""A team that the demo leaves alone: South East, with an inspector, three officers and whoever asked, as a test needs.

`team.a_booking()` and `team.a_walk()` clear the board and set it anew, so that no test finds what another one left.
One process beside the stack does it for all tests (`tests/support/browser/scene_server.py`).
"""

import json
import subprocess
import sys
from types import SimpleNamespace

from walkandtalk.embedded.services import BASE_DIR

SPOT = "Greenwich station, by the clock"
PHONE = "07700 900321"
DAYS_AHEAD = 10


class Team:
    def __init__(self, stack):
        command = [sys.executable, "manage.py", "shell", "--verbosity=0", "--command"]
        self.process = subprocess.Popen(
            [*command, "from tests.support.browser.scene_server import serve; serve()"],
            cwd=BASE_DIR,
            env=stack.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self):
        self.process.communicate(timeout=10)

    def a_booking(self, **how):
        """She waits for an answer. It has the `reference`, the id of the `booking` and the `page` of hers."""
        self.process.stdin.write(json.dumps(how) + "\n")
        self.process.stdin.flush()
        return SimpleNamespace(**json.loads(self.process.stdout.readline()))

    def a_walk(self, **how):
        """She has a walk with Rosa Reed and Tamsin Tull: in ten days, or `in_minutes`. Has the id of the `walk` too."""
        return self.a_booking(with_walk=True, **how)
