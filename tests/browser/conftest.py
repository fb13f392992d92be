"""A real browser before the whole real stack: gunicorn, worker, beat, loop, PostgreSQL, Redis and SMTP."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.support.browser.team import Team
from tests.support.browser.visitor import Visitor
from tests.support.stack import Stack

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def stack():
    with Stack() as running:
        yield running


@pytest.fixture(scope="session")
def team(stack):
    return Team(stack)


@pytest.fixture(scope="module")
def chromium():
    """Ends with its file: while it is there, Django takes the process for an asynchronous one, and reads no row."""
    if CHROMIUM is None:
        pytest.fail("There is no Chromium. On Debian: apt-get install chromium. Without it: pytest -m 'not browser'.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, stack):
    """A browser of one's own: `visit(javascript=False, width=375)`. Afterwards it must have no complaints."""
    visitors = []

    def open_browser(**options):
        visitors.append(Visitor(chromium, stack, **options))
        return visitors[-1]

    yield open_browser
    for visitor in visitors:
        visitor.close()
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []


@pytest.fixture(params=[320, 1280])
def width(request):
    """A small phone, and a desk."""
    return request.param


@pytest.fixture
def look():
    """`look(visitor)` at a page, with JavaScript. In the end axe must have found nothing, and no page was too wide."""
    found = []

    def at(visitor):
        found.extend(visitor.axe_violations() + visitor.wider_than_the_screen())

    yield at
    assert found == []
