"""Bodies that are sent halfway: they wait in nginx, where they hurt nobody, and not in the threads of web."""

import time
from contextlib import ExitStack, suppress

from tests.faults.results import Result, exactly
from tests.operate.proxy import behind_proxy
from tests.support.production import HOST

RUN = "slow bodies"
PAGE = "/request/"
HALF = (
    f"POST {PAGE} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    "Content-Length: 1000\r\n\r\ndanger="
).encode()
HALF_A_HEADER = f"GET {PAGE} HTTP/1.1\r\nHost: {HOST}\r\nCookie: a=".encode()


def run(*, small):
    with behind_proxy() as (proxy, _production):
        return [*others(proxy, small=small), *([] if small else closed(proxy))]


def others(proxy, *, small):
    """Count what goes wrong for others while bodies are half sent: nine, and more than web has threads."""
    found = []
    for bodies in (9, 50):
        with ExitStack() as stack:
            for _ in range(bodies):
                stack.enter_context(proxy.connect()).sendall(HALF)
            seconds, errors = visit(proxy, 10 if small else 100)
        found += [
            exactly(RUN, f"pages that fail while {bodies} bodies are half sent", errors, 0),
            Result(RUN, f"slowest page while {bodies} bodies are half sent", max(seconds), most=5, unit=" s"),
        ]
    return found


def visit(proxy, times):
    """Open a page that web answers itself. Return the seconds of each time, and how often it failed."""
    seconds, errors = [], 0
    for _ in range(times):
        start, status = time.monotonic(), 0
        with suppress(TimeoutError):
            status = proxy.send("GET", PAGE, timeout=10).status
        seconds.append(time.monotonic() - start)
        errors += status != 200
    return seconds, errors


def closed(proxy):
    """Measure how long nginx waits for the rest."""
    return [
        Result(RUN, f"seconds until {what} is given up", until_closed(proxy, sent), most=15, unit=" s")
        for what, sent in (("half a body", HALF), ("half a header", HALF_A_HEADER))
    ]


def until_closed(proxy, sent):
    start = time.monotonic()
    with proxy.connect(timeout=60) as connection:
        connection.sendall(sent)
        with suppress(OSError):
            while connection.recv(1024):
                pass
    return time.monotonic() - start
