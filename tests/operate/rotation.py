"""New keys, added and the old ones removed as docs/keys.md says, while visitors ask, read and search."""

import json
import subprocess
import sys
import threading
import time
from contextlib import closing

import psycopg2

from devtools.stack import postgres
from tests.faults.results import Result, exactly
from tests.support.encryption_keys import make_field_key
from tests.support.journey import Visitor
from tests.support.production import VARIABLES, Production

MANY = {"SEARCHES_PER_PERSON_AN_HOUR": "1000000"}
OLD = {name: VARIABLES[name] for name in ("FIELD_KEYS", "INDEX_KEY")}
NEW = {"FIELD_KEYS": make_field_key("new"), "INDEX_KEY": "the-new-key-for-tests-0d9c2f71b8a54e63-the-new-key"}
FIND = "/staff/bookings/find/"


def both(first, second):
    return {name: f"{first[name]},{second[name]}" for name in NEW}


def run(*, small):
    count = 300 if small else 20_000
    with Production(variables=OLD) as production:
        production.start_redis()
        production.load_reference_data()
        known = _rows(production, str(count))
        visitors = Visitors(production, known)
        visitors.move_to("first", OLD)
        with visitors:
            visitors.move_to("second", both(OLD, NEW))
            visitors.move_to("third", both(NEW, OLD))
            killed_after = _rotate_until_killed(production)
            _let_a_day_pass(production)
            began = time.monotonic()
            said = production.manage("rotate_keys")
            took = time.monotonic() - began
            visitors.move_to("fourth", NEW)
            production.manage("rotate_keys")
            visitors.wait_for_a_round()
        after = _rows(production)
        visitors.sign_in(known["codes"][1])
    run = f"{count:,} bookings"
    return [
        Result(run, "rows written when it was killed", killed_after, least=1),
        exactly(run, "old keys that may be removed", said.count("You may now remove it"), 2),
        Result(run, "rounds of visits meanwhile", visitors.rounds, least=3),
        exactly(run, "visits that failed", len(visitors.failed), 0),
        exactly(run, "rows lost", known["rows"] + visitors.asked - after["rows"], 0),
        exactly(run, "rows unreadable without the old keys", after["unreadable"], 0),
        exactly(run, "rows that a search no longer finds", after["unfound"], 0),
        *([] if small else [Result(run, "rows a second", (count - killed_after) / took, least=500)]),
    ]


class Visitors(threading.Thread):
    """Ask for walks, open pages with a PIN, and find bookings by name, again and again."""

    def __init__(self, production, known):
        super().__init__()
        self.production = production
        self.known = known
        self.name_of_web = ""
        self.rounds = self.asked = 0
        self.failed = []
        self.is_over = threading.Event()
        self.inspector = self.visitor()

    def __enter__(self):
        self.sign_in(self.known["codes"][0])
        self.start()
        return self

    def __exit__(self, *exc_info):
        self.is_over.set()
        self.join()

    def move_to(self, name, variables):
        """Start a web server with these variables, send visitors there, and only then stop the one before."""
        before, self.production.variables = self.name_of_web, variables | MANY
        self.production.start_web(name)
        self.name_of_web = name
        if before:
            self.wait_for_a_round()
            self.production.stop(before)

    def wait_for_a_round(self):
        target = self.rounds + 2  # the round that goes on may have begun before
        self.production.wait(lambda: self.rounds >= target or not self.is_alive())

    def visitor(self):
        return Visitor(lambda *request: self.production.send(*request, name=self.name_of_web))

    def sign_in(self, code):
        self.inspector = self.visitor()
        page = "/staff/sign-in/"
        names = {"username": self.known["email"], "password": self.known["password"]}
        self.inspector.post(page, self.inspector.get(page) | names)
        second = "/staff/sign-in/second-step/"
        self.inspector.post(second, self.inspector.get(second) | {"code": code})
        self.inspector.get("/staff/bookings/")

    def run(self):
        while not self.is_over.is_set():
            for visit in (self.ask, self.open_with_pin, self.find_by_name):
                try:
                    visit()
                except Exception as error:  # noqa: BLE001  # whatever fails is a figure of this run
                    self.failed.append(error)
            self.rounds += 1

    def ask(self):
        self.visitor().ask_for_a_walk()
        self.asked += 1

    def open_with_pin(self):
        references = sorted(self.known["pins"])
        reference = references[self.rounds % len(references)]
        visitor = self.visitor()
        typed = {"reference": reference, "pin": self.known["pins"][reference]}
        visitor.post("/my-walk/", visitor.get("/my-walk/") | typed)

    def find_by_name(self):
        self.inspector.post(FIND, self.inspector.get(FIND) | {"words": "Ottoline"})
        _status, page = self.inspector._request("GET", FIND)
        assert "First name" in page


def _rows(production, *arguments):
    command = [sys.executable, "-m", "tests.operate.rotation_rows", *arguments]
    process = subprocess.run(command, env=production.environment(), capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout.splitlines()[-1])


def _rotate_until_killed(production):
    """Kill the command as soon as it has written some contacts, and return how many."""
    production.start("rotation", [sys.executable, "manage.py", "rotate_keys", "--batch=10"])
    written = "SELECT count(*) FROM bookings_bookingcontact WHERE substr(name, 3, 3) = 'new'"
    production.wait(lambda: _query(production, written) >= 20)
    production.kill("rotation")
    return _query(production, written)


def _let_a_day_pass(production):
    """The counts of rate limits need the older INDEX_KEY for a day, and then it may go."""
    _query(production, 'UPDATE accounts_ratecount SET "window" = "window" - interval \'25 hours\' RETURNING 1')


def _query(production, query):
    connection = psycopg2.connect(host=str(production.sockets), user=postgres.USER, dbname=postgres.NAME)
    with closing(connection), connection, connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]
