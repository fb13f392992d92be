"""Two web processes behind nginx, visitors who ask for walks all the time, and restarts meanwhile."""

import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException

import psycopg2

from devtools.mail import mailbox
from devtools.stack import postgres
from tests.support.journey import Visitor
from tests.support.production import HOST
from tests.support.stack import free_port

# A request goes to another process only if the first can't have read it. No process is left out for having refused
# once: it may be back before the other one stops.
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx-errors.log warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/nginx-body; proxy_temp_path {folder}/nginx-proxy;
    fastcgi_temp_path {folder}/nginx-1; scgi_temp_path {folder}/nginx-2; uwsgi_temp_path {folder}/nginx-3;
    upstream web {{ {servers} }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://web;
            proxy_next_upstream error timeout;
            proxy_set_header Host $host;
            proxy_set_header X-Forwarded-For 198.51.100.7;
            proxy_set_header X-Forwarded-Proto https;
        }}
    }}
}}
"""


def start_nginx(production, names):
    """Start the proxy in front of these processes, and return its port."""
    port = free_port()
    servers = " ".join(f"server 127.0.0.1:{production.ports[name]} max_fails=0;" for name in names)
    path = production.folder / "nginx.conf"
    path.write_text(NGINX.format(folder=production.folder, port=port, servers=servers))
    production.start("nginx", ["nginx", "-c", str(path), "-e", str(production.folder / "nginx-errors.log")])
    production.wait(lambda: _is_healthy(port))
    return port


def count_resets(production):
    """Return how many connections web accepted and then cut. nginx hides some, because it may repeat a GET."""
    return (production.folder / "nginx-errors.log").read_text().count("Connection reset by peer")


def _is_healthy(port):
    try:
        return _request(port, "GET", "/healthz")[0] == 200
    except (OSError, HTTPException):
        return False


# Of a proxy that is not there.
FORWARDED = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"}


def _request(port, method, path, cookies="", body=b"", more_headers=()):
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Host": HOST, "Content-Type": "application/x-www-form-urlencoded", "Referer": f"https://{HOST}/"}
    try:
        connection.request(method, path, body, headers | ({"Cookie": cookies} if cookies else {}) | dict(more_headers))
        response = connection.getresponse()
        return response.status, response.getheaders(), response.read()
    finally:
        connection.close()


class Load:
    """Visitors who read the home page, and others who ask for a walk, one after another until the end."""

    def __init__(self, port, *, readers=3, requesters=3, proxied=True):
        self.port = port
        self.headers = {} if proxied else FORWARDED
        self.statuses = Counter()
        self.sent = 0
        self.slowest = 0.0
        self.over = threading.Event()
        self.lock = threading.Lock()
        visitors = [self._read] * readers + [self._ask] * requesters
        self.threads = [threading.Thread(target=self._repeat, args=[visit]) for visit in visitors]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *exc_info):
        self.over.set()
        for thread in self.threads:
            thread.join()

    @property
    def requests(self):
        return self.statuses.total()

    @property
    def failures(self):
        """The answers that no visitor should see: 5xx, and connections that ended without an answer (0)."""
        return sum(count for status, count in self.statuses.items() if status >= 500 or status == 0)

    def _repeat(self, visit):
        while not self.over.is_set():
            with suppress(OSError, HTTPException, AssertionError):  # counted by its status
                visit()

    def _read(self):
        self._send("GET", "/")
        time.sleep(0.01)

    def _ask(self):
        Visitor(self._send).ask_for_a_walk()
        with self.lock:
            self.sent += 1

    def _send(self, method, path, cookies="", body=b""):
        began, status = time.monotonic(), 0
        try:
            answer = _request(self.port, method, path, cookies, body, self.headers)
            status = answer[0]
            return answer
        finally:
            with self.lock:
                self.statuses[status] += 1
                self.slowest = max(self.slowest, time.monotonic() - began)


@contextmanager
def database(production):
    connection = psycopg2.connect(host=str(production.sockets), user=postgres.SUPERUSER, dbname=postgres.NAME)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def count_bookings(production):
    with database(production) as cursor:
        cursor.execute("SELECT count(*) FROM bookings_booking")
        return cursor.fetchone()[0]


def count_messages(production):
    """Return how many messages were lost and how many came twice, when all that can leave have left."""
    with database(production) as cursor:
        production.wait(lambda: _unsent(cursor) == 0, 120)
        cursor.execute("SELECT message_id FROM outbox_message WHERE state <> 'superseded'")
        expected = [mailbox._digest(message_id.encode()) for (message_id,) in cursor.fetchall()]
    received = Counter(path.stem.rpartition("-")[2] for path in production.mail.glob("*.eml"))
    return {
        "messages": len(expected),
        "lost": sum(not received[digest] for digest in expected),
        "twice": sum(max(received[digest] - 1, 0) for digest in expected),
    }


def _unsent(cursor):
    cursor.execute(
        "SELECT count(*) FROM outbox_message WHERE state IN ('pending', 'retry', 'sending') "
        "AND (send_after IS NULL OR send_after <= now())"
    )
    return cursor.fetchone()[0]


@contextmanager
def held_socket():
    """A listening socket that stays open while web restarts, as systemd holds it (walkandtalk-web.socket)."""
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as held:
        yield held


def start_web_on(production, name, held):
    """Start web with a socket that it is given, as systemd gives it: number 3, named by two variables."""
    production.ports[name] = held.getsockname()[1]
    gunicorn = [sys.executable, "-m", "gunicorn", "walkandtalk.wsgi"]
    script = 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"'
    with open(production.log(name), "ab") as log:
        production.processes[name] = subprocess.Popen(
            ["sh", "-c", f"exec 3<&{held.fileno()}; {script}", "sh", *gunicorn],
            cwd=production.project,
            env=production.environment(),
            pass_fds=[held.fileno()],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
