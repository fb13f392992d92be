"""Errors reach Sentry with what failed and where, and with nothing of the person whose request it was."""

import gzip
import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.conf import settings

from tests.support.production import HOST, VARIABLES

NAME, ADDRESS, TOKEN, BOROUGH = "Zsuzsanna Kanarienvogel", "kanarie.4711@canary.example.com", "t" * 43, "Kolibri lane"
PLANTED = [NAME, "Zsuzsanna", ADDRESS, "canary", TOKEN, BOROUGH, "Kolibri", "192.0.2.44", "Firefox"]
FAILING = """
import logging, sys
import django
django.setup()
from django.test import Client
from django.urls import path
from django.contrib.auth.decorators import login_not_required
from walkandtalk import urls

@login_not_required
def failing_view(request, token):
    typed, word = request.POST["name"], token
    try:
        {}[typed]
    except KeyError:
        raise ValueError(f"cannot save {typed}")

@login_not_required
def broken_view(request, token):
    return request.POST["name"].pk

urls.urlpatterns += [path("fail/<str:token>/", failing_view), path("break/<str:token>/", broken_view)]
client = Client(raise_request_exception=False, headers={"user-agent": "Firefox", "referer": "https://canary/"})
client.cookies["answers"] = "%(name)s"
for page in ("fail", "break"):
    answer = client.post(
        f"/{page}/%(token)s/?place=%(place)s",
        {"name": "%(name)s", "email": "%(address)s"},
        secure=True,
        headers={"host": "%(host)s", "x-forwarded-for": "192.0.2.44"},
    )
    print(answer.status_code, answer["X-Request-ID"])
logging.getLogger("outbox").error("Mail to %%s was refused", "%(address)s")
print("sentry_sdk" in sys.modules)
"""


class Received(ThreadingHTTPServer):
    """Keeps what an HTTP client sends, as Sentry would."""

    def __init__(self):
        self.bodies = []
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append(gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    with Received() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def run(variables):
    code = FAILING % {
        "name": NAME,
        "address": ADDRESS,
        "token": TOKEN,
        "place": BOROUGH.replace(" ", "+"),
        "host": HOST,
    }
    servers = {
        "DATABASE_URL": "postgres://nobody@localhost/none",
        "REDIS_URL": "redis://localhost:1/0",
        "EMAIL_URL": "smtp://localhost:1",
        "ERASURES_OPTIONS": '{"location": "/tmp"}',
        "DJANGO_SETTINGS_MODULE": "walkandtalk.settings",
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=settings.BASE_DIR,
        env=VARIABLES | servers | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


def events_of(server):
    parts = [json.loads(line) for body in server.bodies for line in body.splitlines() if line]
    return [part for part in parts if "platform" in part]


def test_sentry_is_told_what_failed_and_where_and_of_nobody(server):
    done = run({"SENTRY_DSN": f"http://public@127.0.0.1:{server.server_port}/1"})

    first, second, loaded = done.stdout.splitlines()
    failed, broken, logged = sorted(events_of(server), key=lambda event: event["timestamp"])
    sent = b"".join(server.bodies).decode()
    assert (first[:3], second[:3], loaded) == ("500", "500", "True")
    assert failed["tags"] == {"request": first[4:]}
    assert [(error["type"], error["value"]) for error in failed["exception"]["values"]] == [
        ("KeyError", "…"),
        ("ValueError", "…"),
    ]
    assert failed["exception"]["values"][-1]["stacktrace"]["frames"][-1]["function"] == "failing_view"
    assert broken["exception"]["values"][0]["value"] == "'str' object has no attribute 'pk'"
    assert logged["logentry"]["message"] == "Mail to … was refused"
    assert {name for event in (failed, broken, logged) for name in event} <= {
        *("event_id", "timestamp", "level", "logger", "platform", "environment", "release", "sdk"),
        *("tags", "logentry", "exception"),
    }
    assert [thing for thing in PLANTED if thing in sent or thing in done.stderr] == []


def test_without_its_variable_nothing_is_sent_and_nothing_loaded(server):
    done = run({})

    assert done.stdout.splitlines()[-1] == "False"
    assert server.bodies == []
