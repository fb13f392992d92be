"""PostgreSQL stops answering without closing a connection, as on a machine that hangs, and then comes back."""

import threading
import time

from tests.faults.results import Result, exactly
from tests.support.production import DISCREET_HOST, HOST, Production

PAGES = [(HOST, "/"), (HOST, "/areas/"), (HOST, "/staff/sign-in/"), (DISCREET_HOST, f"/r/{'0' * 43}/")]
VISITORS = 40  # more than the two workers of web have threads
PAUSE = 0.8  # seconds between two visits of one visitor
PAGE_WITHIN, BACK_WITHIN, HEALTHY_WITHIN = 6, 5, 4  # seconds; a health check of the image waits four


def run(*, small):
    with Production() as production:
        production.start_redis()
        production.start_web()
        production.start_loop()
        production.load_reference_data()
        production.visitor().ask_for_a_walk()
        production.wait(lambda: len(_mail(production)) >= 1)
        return _freeze(production, seconds=8 if small else 30)


def _freeze(production, *, seconds):
    visits, health = Visits(production, PAGES, VISITORS), Visits(production, [(HOST, "/healthz")], 1)
    with visits, health:
        time.sleep(1)
        production.freeze("postgres")
        frozen_at = time.monotonic()
        time.sleep(seconds)
        production.thaw("postgres")
        thawed_at = time.monotonic()
        back_at = production.wait(lambda: visits.all_succeed_since(thawed_at))
    before = len(_mail(production))
    production.visitor().ask_for_a_walk()
    production.wait(lambda: len(_mail(production)) > before)
    run = f"PostgreSQL frozen for {seconds} s, {VISITORS} visitors"
    return [
        *_pages(run, [visit for visit in visits.made if frozen_at < visit.began < thawed_at and not visit.is_answered]),
        Result(run, "the slowest page", max(visit.took for visit in visits.made), most=PAGE_WITHIN, unit=" s"),
        Result(run, "the slowest health check", max(each.took for each in health.made), most=HEALTHY_WITHIN, unit=" s"),
        exactly(run, "health checks that failed", sum(not each.is_answered for each in health.made), 0),
        Result(run, "every page is back after", back_at - thawed_at, most=BACK_WITHIN, unit=" s"),
        exactly(run, "a walk asked for afterwards is confirmed by email", len(_mail(production)) - before, 1),
    ]


def _pages(run, failed):
    return [
        Result(run, "pages that needed it", len(failed), least=VISITORS),
        exactly(run, "of these, pages that say try again", sum(visit.is_sorry for visit in failed), len(failed)),
        exactly(run, "pages of the neutral host that reveal us", sum(visit.reveals_us for visit in failed), 0),
    ]


def _mail(production):
    return list(production.mail.glob("*.eml"))


class Visit:
    def __init__(self, production, host, path):
        self.began = time.monotonic()
        try:
            self.status, headers, page = production.send("GET", path, host=host, timeout=60)
        except OSError:
            self.status, headers, page = None, [], b""
        self.ended = time.monotonic()
        self.is_sorry = self.status == 503 and b"available right now" in page and ("Retry-After", "30") in headers
        self.is_answered = self.status == (404 if host == DISCREET_HOST and path != "/healthz" else 200)
        self.reveals_us = host == DISCREET_HOST and any(word in page for word in (b"020 7946", b"olice"))

    @property
    def took(self):
        return self.ended - self.began


class Visits:
    """Visitors who each open one page after another, until the end of the block."""

    def __init__(self, production, pages, visitors):
        self.production = production
        self.pages = pages
        self.made = []
        self.is_over = threading.Event()
        self.threads = [threading.Thread(target=self._visit, args=[number]) for number in range(visitors)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *exc_info):
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def _visit(self, number):
        while not self.is_over.wait(PAUSE):
            self.made.append(Visit(self.production, *self.pages[number % len(self.pages)]))

    def all_succeed_since(self, moment):
        """Return when the last failure since that moment ended, once every visitor has succeeded after it."""
        since = [visit for visit in list(self.made) if visit.ended > moment]
        last_failure = max((visit.ended for visit in since if not visit.is_answered), default=moment)
        successes = sum(visit.began > last_failure and visit.is_answered for visit in since)
        return last_failure if successes >= 2 * len(self.threads) else None
