"""With the whole stack: nothing of her is left after erasure, nor after a backup from before it is restored."""

import http.cookiejar
import json
import os
import re
import subprocess
import urllib.parse
import urllib.request

import pytest
import redis

from bookings.statuses import EventKind
from devtools.stack import postgres, services
from tests.support.canary_scene import HERS, OF_STAFF, canary
from tests.support.leak_search import find_leaks
from tests.support.requester_pages import PIN
from tests.support.stack import Stack

pytestmark = pytest.mark.stack

PROCESSES = ("web", "worker", "beat", "loop")
CODED = {f"BookingContact.{name}" for name in ("phone_rules", "needs", "about", "map_coordinates")}
CODED |= {"Adjustment.need", "WalkNote.noted", "Walk.map_coordinates"}
"""Codes and numbers are stored in other words than they are shown in."""
CANARIES = sorted({canary(name) for name in (HERS | OF_STAFF) - CODED})
CANARIES += [f"canary note of {kind.value}" for kind in EventKind]
CANARIES += ["canary noted by an officer", "canary diverted note", "canary to an officer", "canary html"]

MAKE_SCENE = """
from django.utils import timezone
from bookings.models.links import Link
from tests.support import people
from tests.support.canary_scene import make_canary_scene
from tests.support.factories import BoroughFactory
borough = BoroughFactory()
team = [people.make_officer(borough.bcu), people.make_second_officer(borough.bcu)]
booking = make_canary_scene(borough, team, people.make_inspector(borough.bcu))
token = Link.objects.create_token(booking, Link.Purpose.PAGE, expires_at=timezone.now() + timedelta(hours=1))
print(booking.pk, token)
"""
READ_ROWS = """
import json
from tests.support.leak_search import read_decrypted_rows, read_stored_rows
print(json.dumps([*read_decrypted_rows(), *read_stored_rows()]))
"""
CARRY_OUT = """
from data_rights.erasure.jobs import erase_requested
erase_requested(timezone.now() + timedelta(hours=25))
"""


@pytest.fixture(scope="module")
def stack():
    with Stack() as running:
        yield running


def rows(stack):
    return [tuple(row) for row in json.loads(stack.shell(READ_ROWS))]


def database(stack, program, *arguments):
    """Run a program of PostgreSQL against the stack's database, and return its output."""
    running = services.read(stack.var)
    where = ["--host", running.postgres_socket, "--username", running.postgres_owner, "--dbname", running.postgres_name]
    bin_folder = postgres._site_packages() / postgres.BINARIES
    command = [bin_folder / program, *where, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "PGOPTIONS": ""})
    assert done.returncode == 0, done.stderr
    return done.stdout


def in_redis(stack):
    socket = urllib.parse.urlsplit(services.read(stack.var).redis_url).path  # redis+socket:///path?virtual_host=0
    with redis.Redis(unix_socket_path=socket) as server:
        return [("redis", f"{key!r} {server.dump(key)!r}") for key in server.scan_iter()]


def logged(stack):
    return [(path.name, path.read_text(errors="replace")) for path in (stack.var / "log").glob("*.log")]


def ledger(stack):
    return [(path.name, path.read_text()) for path in (stack.var / "erasures").glob("*.json")]


class Browser:
    """Enough of a browser to press a button: it keeps cookies and sends the token of the form."""

    def __init__(self, stack):
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        self.url = stack.url

    def get(self, path):
        with self.opener.open(self.url + path, timeout=30) as response:
            return response.read().decode()

    def post(self, path, **data):
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', self.get(path)).group(1)
        form = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **data}).encode()
        with self.opener.open(self.url + path, form, timeout=30) as response:
            return response.read().decode()


def test_nothing_of_her_is_left_after_erasure_and_after_a_restore(stack, tmp_path):
    pk, token = stack.shell(MAKE_SCENE).split()
    backup = tmp_path / "backup.sql"
    backup.write_text(database(stack, "pg_dump", "--clean", "--if-exists"))
    at_first = {thing for _where, thing in find_leaks(rows(stack), CANARIES)}
    hers = Browser(stack)
    copy = hers.post(f"/my-walk/{token}/copy/", pin=PIN)

    pending = hers.post(f"/my-walk/{token}/delete/", pin=PIN)
    stack.shell(CARRY_OUT)
    dump = [("dump", line) for line in database(stack, "pg_dump").splitlines()]
    after = find_leaks([*rows(stack), *dump, *in_redis(stack), *logged(stack), *ledger(stack)], CANARIES)
    for name in PROCESSES:
        stack.hold(name)
    database(stack, "psql", "--quiet", "--set=ON_ERROR_STOP=1", "--file", str(backup))
    came_back = {thing for _where, thing in find_leaks(rows(stack), CANARIES)}
    stack.manage("prepare_database")
    printed = [stack.manage("restored", "--links", "keep", "--no-security-log"), stack.manage("reapply_erasures")]
    restored = find_leaks(rows(stack), CANARIES)
    for name in PROCESSES:
        stack.release(name)

    assert len(CANARIES) >= 40
    assert at_first == came_back == set(CANARIES)
    assert canary("BookingContact.name") in copy
    assert "Your details are being deleted" in pending
    assert len(logged(stack)) > 3
    assert [name for name, _text in ledger(stack)] == [f"{pk}.json"]
    assert after == set()
    assert restored == set()
    assert "Erased again: 1" in printed[0]
    assert "Erased again: 0" in printed[1]
