"""`python -m tests.bench.sign_ins`: how much eight clients who try fresh names and passwords slow the home page.

The clients ask again as soon as they are answered. First a network may try as often as it likes, as if each try came
from another one, so that only the lanes protect the home page. Then it has used up its tries, and is refused each time.
"""

import http.client
import multiprocessing
import os
import re
import statistics
import sys
import threading
import time
import uuid
from collections import Counter
from urllib.parse import urlencode

from tests.support.stack import Stack

CLIENTS = 8
SECONDS = float(os.environ.get("SECONDS", "8"))
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}
UNLIMITED = "1000000"


def main():
    for what, most in (("each try from another network", UNLIMITED), ("a network that is refused", "1")):
        os.environ["WRONG_PASSWORDS_PER_NETWORK"] = most
        with Stack() as stack:
            for name in ("beat", "worker", "loop"):
                stack.hold(name)
            measure(what, stack.port)


def measure(what, port):
    home_page_times(port, seconds=2)  # each thread opens its connection, and caches fill
    alone = home_page_times(port)
    answers = multiprocessing.Queue()
    flood = multiprocessing.Process(target=try_passwords, args=(port, answers))
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


def try_passwords(port, answers):
    counts, end = Counter(), time.monotonic() + SECONDS + 2
    clients = [threading.Thread(target=try_until, args=(port, end, counts)) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    answers.put(counts)


def try_until(port, end, counts):
    _status, headers, page = ask(port, "GET", "/staff/sign-in/")
    cookie, token = headers["Set-Cookie"].partition(";")[0], TOKEN.search(page)[1]
    while time.monotonic() < end:
        data = {"csrfmiddlewaretoken": token, "username": f"{uuid.uuid4()}@example.com", "password": "wrong"}
        status, _headers, _page = ask(port, "POST", "/staff/sign-in/", urlencode(data), HEADERS | {"Cookie": cookie})
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
