"""A release while people use the service: from the previous one to this one, on the new tables, without an error.

docs/releases.md says what an operator may rely on. The small version restarts each process once, and leaves out the
socket that systemd holds.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from devtools.stack import services
from tests.faults.results import Result, exactly
from tests.support import rolling
from tests.support.previous_release import copy_with_migration, unpack_previous
from tests.support.production import Production

DROP = 'migrations.RunSQL("ALTER TABLE bookings_bookingcontact DROP COLUMN name")'
ADD = 'migrations.AddField("booking", "of_the_next_release", models.TextField(null=True))'
WEBS = ("web1", "web2")
NAME = "release"


def run(*, small):
    with tempfile.TemporaryDirectory(prefix="walkandtalk-releases-") as folder, Production() as production:
        folder = Path(folder)
        folder.chmod(0o755)
        production.load_reference_data()
        previous = unpack_previous(folder)
        start_everything(production, previous)
        return [
            exactly(
                NAME, f"failed journeys on the new tables, with {previous.name}", failures(production, previous), 0
            ),
            *rolling_restart(production, folder, seconds=5 if small else 60),
            *([] if small else held_socket(production)),
            exactly(NAME, "journeys without a column that are found to fail", dropped(production, previous, folder), 1),
        ]


def start_everything(production, release):
    production.start_redis()
    use(production, release)
    production.start_worker()
    production.start_loop()
    for name in WEBS:
        production.start_web(name, wait=False)
    for name in WEBS:
        production.wait(lambda name=name: production.answers(name))


def use(production, release=None):
    """Start this release from now on, or the one of today."""
    production.project = release.project if release else services.BASE_DIR
    production.python = release.python if release else sys.executable


def failures(production, previous):
    """Run the journey of the previous release, and return 1 if it fails."""
    arguments = [str(production.ports[WEBS[0]]), str(production.mail)]
    process = subprocess.run(
        [previous.python, "-m", "tests.operate.smoke", *arguments],
        cwd=previous.project,
        env=production.environment(),
        capture_output=True,
        check=False,
    )
    return int(process.returncode != 0)


def rolling_restart(production, folder, *, seconds):
    """Replace each process by one of this release, under load. The full run also migrates, and goes on restarting."""
    port = rolling.start_nginx(production, WEBS)
    before = rolling.count_bookings(production)
    began = time.monotonic()
    with rolling.Load(port) as load:
        if seconds > 10:
            migrate(production, folder / "harmless", "9999_add", ADD)
        use(production)
        codes = restart_all(production)
        while time.monotonic() - began < seconds:
            time.sleep(0.2)
            codes += restart_all(production) if seconds > 10 else []
    lost = max(load.sent - rolling.count_bookings(production) + before, 0)
    messages = rolling.count_messages(production)
    return [
        Result(NAME, "requests while every process restarts, behind nginx", load.requests, least=50),
        exactly(NAME, "answers 5xx, or none", load.failures, 0),
        exactly(NAME, "connections that web accepted and then cut", rolling.count_resets(production), 0),
        exactly(NAME, "requests for a walk that were lost", lost, 0),
        exactly(NAME, "messages lost", messages["lost"], 0),
        exactly(NAME, "messages sent twice", messages["twice"], 0),
        exactly(NAME, "processes that did not end by themselves", sum(code != 0 for code in codes), 0),
    ]


def migrate(production, folder, name, operation):
    """Deploy a migration of a next release, as `prepare_database` of its own image would."""
    production.project = copy_with_migration(folder, "bookings", name, operation)
    production.manage("prepare_database", "--verbosity=0", owner=True)


def restart_all(production):
    """Restart as docs/releases.md says: web one after the other, then the loop and the worker."""
    starts = {name: (lambda name=name: production.start_web(name)) for name in WEBS}
    starts |= {"loop": production.start_loop, "worker": production.start_worker}
    codes = []
    for name, start in starts.items():
        codes.append(production.stop(name))
        start()
    return codes


def held_socket(production, restarts=5):
    """Restart the only web process while its socket is held, as systemd holds it."""
    with rolling.held_socket() as held:
        rolling.start_web_on(production, "web", held)
        production.wait(production.answers)
        with rolling.Load(production.ports["web"], proxied=False) as load:
            for _restart in range(restarts):
                production.stop("web")
                rolling.start_web_on(production, "web", held)
                production.wait(production.answers)
    return [exactly(NAME, "errors while the only web restarts and systemd holds its socket", load.failures, 0)]


def dropped(production, previous, folder):
    """Drop a column that the previous release uses, as its next release must not, and return whether it is noticed."""
    migrate(production, folder / "harmful", "9999_drop", DROP)
    use(production)
    return failures(production, previous)
