"""`make bench`: the cost of a request for a walk, beside the limits in docs/rules.md#costs. It never fails.

The stack runs as `make run` starts it. CPU time is measured in this process, which calls the same application through
WSGI with the real settings, and only while it answers. Memory is measured in the workers of the web server.
"""

import os
import re
import statistics
import subprocess
import sys
from urllib.parse import urljoin

from tests.bench.journey import InProcess, Visitor, over_http, pages
from tests.support.stack import Stack

JOURNEYS = 40
WARM_UP_JOURNEYS = 3
STATIC = re.compile(r"""["'(]([^"'()\s]+\.(?:css|js|json|svg|png|ico))["')]""")
# Only sites that preview a link load its sharing picture, and only browsers that know no SVG load the other icons.
NOT_LOADED = re.compile(r"<meta [^>]*>|<link [^>]*(?:favicon|touch-icon)[^>]*>")
LIBRARY = "/vendor/leaflet."  # it names pictures that our map does not use, and loads none of them
NO_QUERY = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def main():
    with Stack() as stack:
        os.environ |= stack.environment() | {"DJANGO_SETTINGS_MODULE": "walkandtalk.settings"}
        from walkandtalk.wsgi import application  # its settings need the stack's database

        host = stack.url.removeprefix("http://")
        requests = sum(1 if answer is None else 2 for _path, answer in pages())
        show_load()
        journey = report_cpu(f"{requests} requests of a journey, aim 40, at most 60", journeys(application, host))
        minimal_django = report_cpu(f"{requests} requests to a bare one-insert view", minimal_requests(host, requests))
        show(f"{journey / minimal_django:.1f} times", "the journey beside the bare view")
        show(submit_queries(application, host), "queries on submit, at most 12")
        show_visits(over_http(host))
        show_web_workers(stack, host)
        show_load()
    # In its own process, because settings are read once and the next stack has another database.
    sys.exit(subprocess.run([sys.executable, "-m", "tests.bench.staff_pages"], check=False).returncode)


def journeys(application, host):
    """Return the CPU seconds of each journey after the warm-up."""
    durations = []
    for _each in range(WARM_UP_JOURNEYS + JOURNEYS):
        send = InProcess(application, host)
        Visitor(send).ask_for_a_walk()
        durations.append(send.seconds)
    return durations[WARM_UP_JOURNEYS:]


def minimal_requests(host, requests):
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings

    durations = []
    with override_settings(MIDDLEWARE=[], ROOT_URLCONF="tests.bench.minimal_django"):
        minimal_django = WSGIHandler()
        for _each in range(WARM_UP_JOURNEYS + JOURNEYS):
            send = InProcess(minimal_django, host)
            for _request in range(requests):
                assert send("POST", "/")[0] == 200
            durations.append(send.seconds)
    return durations[WARM_UP_JOURNEYS:]


def submit_queries(application, host):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counted = {}

    def send(method, path, cookies, body):
        with CaptureQueriesContext(connection) as queries:
            answer = InProcess(application, host)(method, path, cookies, body)
        counted[method, path] = [q for q in queries if not q["sql"].startswith(NO_QUERY)]
        return answer

    Visitor(send).ask_for_a_walk()
    return len(counted["POST", "/request/check/"])


def show_visits(send):
    """Show the sizes of the home page and of the question with its map open, with everything they load."""
    sizes = loaded_from({}, send)
    show_sizes(sizes, "first visit, at most 30")
    visitor = Visitor(send)
    visitor.go_as_far_as("/request/meeting-place/")
    with_map = loaded_from(visitor.cookies, send, first="/request/meeting-place/")
    map_files = {address: size for address, size in with_map.items() if address not in sizes}
    show_sizes(map_files, "more with the map")
    show(f"{sum((sizes | map_files).values()) / 1000:.1f} KB", "first visit and the page with the map, at most 130")


def loaded_from(cookies, send, first="/"):
    """Return the compressed sizes of a page and of all it loads, even indirectly, including the files of a map."""
    sizes = {}
    waiting = [first]
    cookie_header = "; ".join(f"{name}={each.value}" for name, each in cookies.items())
    while waiting:
        address = waiting.pop()
        status, headers, travelled = send("GET", address, cookie_header)
        assert status == 200, (address, status)
        sizes[address] = len(travelled)
        named = [] if LIBRARY in address else STATIC.findall(NOT_LOADED.sub("", get_text(headers, travelled)))
        loads = [urljoin(address, file) for file in named]
        waiting += [file for file in loads if file not in sizes and file not in waiting]
    return sizes


def get_text(headers, page):
    import gzip

    packed = {name.lower(): value for name, value in headers}.get("content-encoding") == "gzip"
    return (gzip.decompress(page) if packed else page).decode()


def show_sizes(sizes, what):
    for address, size in sizes.items():
        show(f"{size / 1000:.1f} KB", address, indent="  ")
    show(f"{sum(sizes.values()) / 1000:.1f} KB", what)


def show_web_workers(stack, host):
    """Show the memory of the web workers after more journeys and, as a check, their CPU time, including HTTP."""
    workers = stack.running("web").children()
    for _each in range(WARM_UP_JOURNEYS):
        Visitor(over_http(host)).ask_for_a_walk()
    cpu_at_start = cpu(workers)
    for _each in range(JOURNEYS):
        Visitor(over_http(host)).ask_for_a_walk()
    show(f"{(cpu(workers) - cpu_at_start) / JOURNEYS * 1000:.1f} ms", "mean CPU of a journey in the web server itself")
    memory = [f"{worker.memory_info().rss / 1e6:.0f} MB" for worker in workers]
    show(
        " and ".join(memory),
        f"memory of the web workers after {JOURNEYS + WARM_UP_JOURNEYS} journeys, each at most 120",
    )


def cpu(processes):
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def report_cpu(what, seconds):
    durations = [1000 * second for second in seconds]
    median = statistics.median(durations)
    show(f"{median:.1f} ms", f"CPU of {what} (median of {len(durations)}; least {min(durations):.1f})")
    return median


def show_load():
    show(f"{os.getloadavg()[0]:.1f}", f"load of this machine, which has {os.cpu_count()} cores")


def show(figure, what, indent=""):
    print(f"{figure!s:>18}  {indent}{what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
