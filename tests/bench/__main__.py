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

from tests.support.journey import InProcess, Visitor, over_http, pages
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
        durations, minimal = measure_in_turns(application, host, requests)
        report_cpu(f"{requests} requests of a journey, aim 40, at most 60", durations)
        report_cpu(f"{requests} requests to a bare one-insert view", minimal)
        times = statistics.median(one / other for one, other in zip(durations, minimal, strict=True))
        show(f"{times:.1f} times", "a journey beside the bare requests that followed it, aim 5 (median)")
        show(submit_queries(application, host), "queries on submit, at most 12")
        show_visits(over_http(host))
        show_web_workers(stack, host)
        show_load()
    # Each in its own process, because settings are read once and the next stack has another database.
    for part in ("staff_pages", "figures", "concerns"):
        if failed := subprocess.run([sys.executable, "-m", f"tests.bench.{part}"], check=False).returncode:
            sys.exit(failed)


def measure_in_turns(application, host, requests):
    """Return the CPU seconds of each journey after the warm-up, and of as many requests to the bare view after each.

    They take turns, because CPU time depends on what else the machine does: one after the other, all journeys and then
    all bare requests, the same code has given anything from 8 to 13 times.
    """
    from tests.bench import minimal_django

    bare_application = minimal_django.application()
    durations, minimal = [], []
    for _each in range(WARM_UP_JOURNEYS + JOURNEYS):
        send, send_bare = InProcess(application, host), InProcess(bare_application, host)
        Visitor(send).ask_for_a_walk()
        for _request in range(requests):
            assert send_bare("POST", "/")[0] == 200
        durations.append(send.seconds)
        minimal.append(send_bare.seconds)
    return durations[WARM_UP_JOURNEYS:], minimal[WARM_UP_JOURNEYS:]


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
    memory = [worker.memory_full_info() for worker in workers]
    after = f"of the web workers after {JOURNEYS + WARM_UP_JOURNEYS} journeys"
    show(in_megabytes(each.rss for each in memory), f"memory {after}, each at most 120")
    show(in_megabytes(each.pss for each in memory), f"memory {after}, with a share of what they have in common")


def in_megabytes(sizes):
    return " and ".join(f"{size / 1e6:.0f} MB" for size in sizes)


def cpu(processes):
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def report_cpu(what, seconds):
    durations = [1000 * second for second in seconds]
    show(
        f"{statistics.median(durations):.1f} ms",
        f"CPU of {what} (median of {len(durations)}; least {min(durations):.1f})",
    )


def show_load():
    show(f"{os.getloadavg()[0]:.1f}", f"load of this machine, which has {os.cpu_count()} cores")


def show(figure, what, indent=""):
    print(f"{figure!s:>18}  {indent}{what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
