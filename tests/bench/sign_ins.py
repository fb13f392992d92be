"""`python -m tests.bench.sign_ins`: how much eight clients who try fresh names and passwords slow the home page.

The clients ask again as soon as they are answered. First each try comes from another network, so that only the lanes
protect the home page. Then all come from one network that may try as often as it likes, so that it holds half of a
lane. Then it has used up its tries, and is refused each time.

At the end, as many clients as the web workers have threads sign in and open pages at once, and it shows what memory
the workers take. `GUNICORN_CMD_ARGS="--threads=4 --worker-connections=4"` gives them fewer threads.
"""

import http.client
import multiprocessing
import os
import random
import re
import secrets
import statistics
import sys
import threading
import time
import uuid
from collections import Counter
from urllib.parse import urlencode

from devtools.stack.supervisor import DEMO_SIGN_INS
from tests.support.stack import Stack

CLIENTS = 8
MEMORY_CLIENTS = 36  # the threads of two web workers
DEMO_PASSWORD = "walk-and-talk-demo"
SECONDS = float(os.environ.get("SECONDS", "8"))
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}
UNLIMITED = "1000000"
# What is measured, how many tries a network has, and whether each try comes from another one.
SCENES = [
    ("each try from another network", UNLIMITED, True),
    ("one network, without a limit of its tries", UNLIMITED, False),
    ("a network that is refused", "1", False),
]


def main():
    os.environ["TRUSTED_PROXY_COUNT"] = "1"
    for what, most, is_spread in SCENES:
        os.environ["WRONG_PASSWORDS_PER_NETWORK"] = most
        with Stack() as stack:
            for name in ("beat", "worker", "loop"):
                stack.hold(name)
            measure(what, stack.port, is_spread=is_spread)
            if is_spread:
                show_memory(stack)


def measure(what, port, *, is_spread):
    home_page_times(port, seconds=2)  # each thread opens its connection, and caches fill
    alone = home_page_times(port)
    answers = multiprocessing.Queue()
    flood = multiprocessing.Process(target=try_passwords, args=(port, answers, is_spread))
    flood.start()
    time.sleep(2)  # by then each client has sent its first password
    beside = home_page_times(port)
    counts = answers.get()
    flood.join()
    print(f"{what}: {statistics.median(beside) / statistics.median(alone):.1f} times slower (median), at most 2")
    for when, times in (("alone", alone), ("beside eight clients", beside)):
        tenth = statistics.quantiles(times, n=10)[-1]
        median = statistics.median(times)
        print(f"  home page {when}: median {median * 1000:.1f} ms, nine in ten within {tenth * 1000:.1f} ms")
    print(f"  answers to the clients: {dict(counts)}", flush=True)


def home_page_times(port, seconds=SECONDS):
    times, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.perf_counter()
        assert ask(port, "GET", "/")[0] == 200
        times.append(time.perf_counter() - began)
        time.sleep(0.05)
    return times


def show_memory(stack):
    """Show the memory of the web workers while all their threads are busy, and before."""
    workers = stack.running("web").children()
    print(f"  memory of the web workers at rest: {resident(workers)}")
    counts, most = Counter(), [0] * len(workers)
    clients = run_clients(MEMORY_CLIENTS, sign_in_and_look, stack.port, time.monotonic() + SECONDS, counts)
    while any(client.is_alive() for client in clients):
        most = [max(pair) for pair in zip(most, (worker.memory_info().rss for worker in workers), strict=True)]
        time.sleep(0.2)
    peak = " and ".join(f"{size / 1e6:.0f} MB" for size in most)
    print(
        f"  while {MEMORY_CLIENTS} clients sign in and open pages, at most {peak}; answers {dict(counts)}", flush=True
    )


def resident(workers):
    return " and ".join(f"{worker.memory_info().rss / 1e6:.0f} MB" for worker in workers)


def sign_in_and_look(port, end, counts):
    """Sign in as people of the demo, from a network of one's own, and open pages."""
    network = {"X-Forwarded-For": f"10.1.{secrets.randbelow(256)}.{secrets.randbelow(256)}"}
    while time.monotonic() < end:
        _status, headers, page = ask(port, "GET", "/staff/sign-in/", headers=network)
        cookie, token = headers["Set-Cookie"].partition(";")[0], TOKEN.search(page)[1]
        person, _role = random.choice(DEMO_SIGN_INS)
        data = {"csrfmiddlewaretoken": token, "username": person, "password": DEMO_PASSWORD}
        status, headers, _page = ask(
            port, "POST", "/staff/sign-in/", urlencode(data), HEADERS | network | {"Cookie": cookie}
        )
        counts[status] += 1
        cookies = "; ".join(value.partition(";")[0] for value in headers.get_all("Set-Cookie", []))
        for address in ("/", "/staff/bookings/" if cookies else "/request/"):
            counts[ask(port, "GET", address, headers=network | {"Cookie": cookies})[0]] += 1


def run_clients(number, work, *args):
    clients = [threading.Thread(target=work, args=args) for _ in range(number)]
    for client in clients:
        client.start()
    return clients


def try_passwords(port, answers, is_spread):
    counts = Counter()
    for client in run_clients(CLIENTS, try_until, port, time.monotonic() + SECONDS + 2, counts, is_spread):
        client.join()
    answers.put(counts)


def try_until(port, end, counts, is_spread):
    _status, headers, page = ask(port, "GET", "/staff/sign-in/")
    cookie, token = headers["Set-Cookie"].partition(";")[0], TOKEN.search(page)[1]
    while time.monotonic() < end:
        data = {"csrfmiddlewaretoken": token, "username": f"{uuid.uuid4()}@example.com", "password": "wrong"}
        network = f"10.{secrets.randbelow(256)}.{secrets.randbelow(256)}.1" if is_spread else "10.0.0.1"
        sent = HEADERS | {"Cookie": cookie, "X-Forwarded-For": network}
        status, _headers, _page = ask(port, "POST", "/staff/sign-in/", urlencode(data), sent)
        counts[status] += 1


def ask(port, method, path, body=None, headers=None):
    connection = http.client.HTTPConnection("localhost", port, timeout=60)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    return answer.status, answer.headers, page


if __name__ == "__main__":
    sys.exit(main())
