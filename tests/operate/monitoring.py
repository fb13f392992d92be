"""What operators see of a service in which everything fails: requests, tasks and jobs, with a requester's details.

Nothing of her is in any line of any process, and every line can be read by a program.
"""

import http.client
import json
import re
import socket
import sys
from contextlib import closing
from urllib.parse import quote, urlencode

import psycopg2

from devtools.stack import postgres
from tests.faults.results import Result, exactly
from tests.support.journey import pages
from tests.support.production import HOST, Production

RUN = "monitoring"
METRICS_TOKEN = "only-for-this-test"
NAME, EMAIL, PLACE, TOKEN = (
    "Zsuzsanna",
    "kanarie@canary.example.com",
    "Kolibri",
    "Wk3nJ8dQ2xYtR5vB7cM1aZ0pL9sE4gH6uF_iO-jXqTr",
)
PLANTED = [NAME, "canary.example.com", PLACE, TOKEN, "198.51.100.7", "SE15", METRICS_TOKEN]
LOGGED = ("web", "worker", "loop")
# PostgreSQL refuses what web wants to save, and quotes the row in its error.
REFUSE_DRAFTS = "ALTER TABLE bookings_draft ADD CONSTRAINT refused CHECK (false) NOT VALID"
HIDE_ATTEMPTS = "ALTER TABLE outbox_attempt RENAME TO hidden"  # worker and loop need it before they send anything
SHOW_ATTEMPTS = "ALTER TABLE hidden RENAME TO outbox_attempt"


def run(*, small):
    with Production(variables={"METRICS_TOKEN": METRICS_TOKEN}) as production:
        production.load_reference_data()
        production.start_redis()
        production.start_web()
        start_senders(production)
        sent = ask_for_walks(production, walks=1 if small else 10)
        production.wait(lambda: messages(production))
        sent += fail_to_send(production)
        sent += fail_to_answer(production)
        counted = count_requests(production)
        lines = stop_and_read(production)
        return [
            exactly(
                RUN, "planted details in all logs", sum(text.count(thing) for text in lines for thing in PLANTED), 0
            ),
            exactly(RUN, "lines that are not JSON", sum(not is_object(line) for line in lines), 0),
            Result(RUN, "lines read", len(lines), least=30),
            Result(RUN, "tracebacks among them", sum('"traceback"' in line for line in lines), least=2),
            exactly(RUN, "requests that neither worker counted", sent - counted, 0),
            exactly(RUN, "requests without a line of their own", sent - len(lines_of_requests(lines)), 0),
            exactly(RUN, "messages without the id of a request in the log", without_id(production, lines), 0),
        ]


def start_senders(production):
    celery = [sys.executable, "-m", "celery", "-A", "walkandtalk", "worker", "--concurrency=1", "--loglevel=INFO"]
    production.start("worker", celery)
    production.start_loop()
    production.wait(lambda: " ready." in production.log("worker").read_text())
    production.wait(lambda: "Delivering messages" in production.log("loop").read_text())


def ask_for_walks(production, *, walks):
    """Ask for walks with planted details, and return how many requests that took."""
    sent = 0
    for _ in range(walks):
        visitor = production.visitor()
        for path, answer in pages():
            hidden, sent = visitor.get(path), sent + 1
            if answer is not None:
                visitor.post(path, hidden | planted(answer))
                sent += 1
    return sent


def planted(answer):
    instead = {"name": NAME, "email": EMAIL}
    found = {name: instead.get(name, value) for name, value in answer.items()}
    return found | ({"place": f"{PLACE} bakery, by the door"} if "how" in found else {})


def fail_to_answer(production):
    """Let requests fail in several ways, and return how many of them reached our code."""
    visitor, (last, answer) = production.visitor(), pages()[5]
    visitor.go_as_far_as(last)
    form = visitor.get(last) | planted(answer)
    execute(production, REFUSE_DRAFTS)
    assert visitor._request("POST", last, urlencode(form))[0] == 500
    for path in (f"/my-walk/{TOKEN}/", f"/{quote(NAME)}/?email={EMAIL}", f"/my-walk/?reference={TOKEN}", f"/r/{TOKEN}"):
        assert production.send("GET", path)[0] in (200, 301, 404)
    assert production.send("POST", f"/my-walk/{TOKEN}/confirm/", body=f"name={NAME}".encode())[0] == 403
    for line in (f"Cookie {NAME} {EMAIL}", f"X{NAME}: \x00"):
        with closing(socket.create_connection(("127.0.0.1", production.ports["web"]), timeout=5)) as connection:
            connection.sendall(f"GET /{TOKEN}?name={NAME} HTTP/1.1\r\nHost: {HOST}\r\n{line}\r\n\r\n".encode())
            connection.recv(1000)
    return 2 * 5 + 2 + 4 + 1


def fail_to_send(production):
    """Let worker and loop fail with a message, and return how many requests it took to queue it."""
    execute(production, HIDE_ATTEMPTS)
    sent = ask_for_walks(production, walks=1)
    production.wait(lambda: "UndefinedTable" in production.log("worker").read_text())
    production.wait(lambda: "ProgrammingError" in production.log("loop").read_text())
    execute(production, SHOW_ATTEMPTS)
    return sent


def execute(production, *statements):
    with closing(psycopg2.connect(host=str(production.sockets), user=postgres.OWNER, dbname=postgres.NAME)) as owner:
        owner.autocommit = True
        with owner.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def count_requests(production):
    """Return how many requests are counted, whichever worker answers. Those of operators are left out."""
    connection = http.client.HTTPConnection("127.0.0.1", production.ports["web"], timeout=30)
    connection.request("GET", "/metrics", headers={"Host": "web:8000", "Authorization": f"Bearer {METRICS_TOKEN}"})
    shown = connection.getresponse().read().decode()
    connection.close()
    found = re.findall(r'^walkandtalk_requests_total\{.*route="([^"]+)".*\} ([\d.]+)$', shown, re.MULTILINE)
    return sum(float(number) for route, number in found if route not in ("healthz", "readyz", "metrics", "static"))


def stop_and_read(production):
    """Return the lines of all processes, without Celery’s greeting, which is on stdout."""
    production.stop("web")
    lines = [line for name in LOGGED for line in production.log(name).read_text().splitlines()]
    greeting = set(
        production.log("worker").read_text().partition(" -------------- celery@")[2].partition("\n{")[0].splitlines()
    )
    return [line for line in lines if line.strip() and line not in greeting and " -------------- celery@" not in line]


def is_object(line):
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def lines_of_requests(lines):
    return [line for line in lines if '"logger": "walkandtalk.requests"' in line]


def messages(production):
    return list(production.mail.glob("*.eml"))


def without_id(production, lines):
    """Return how many messages to the requester lack the id of one of the requests."""
    ids = {json.loads(line)["request"] for line in lines_of_requests(lines)}
    hers = [text for path in messages(production) if EMAIL in (text := path.read_text(errors="replace"))]
    assert hers
    return sum(not set(re.findall(r"^X-Request-ID: (\S+)", text, re.MULTILINE)) & ids for text in hers)
