"""A real browser with the whole stack: gunicorn, worker, beat, loop, PostgreSQL, Redis and SMTP."""

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.support.browser.chromium import launch_chromium
from tests.support.browser.fonts import chosen_font, write_font_configuration
from tests.support.browser.team import Team
from tests.support.browser.visitor import Visitor
from tests.support.stack import Stack


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


@pytest.fixture(scope="session")
def font():
    return chosen_font()


@pytest.fixture(scope="session")
def font_configuration(font, tmp_path_factory):
    return write_font_configuration(font, tmp_path_factory.mktemp("fonts"))


@pytest.fixture(scope="module")
def chromium(font_configuration):
    """Chromium for one file. While it runs, Django takes the process for an asynchronous one and reads no rows."""
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright, font_configuration)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, stack):
    """Open a new browser: `visit(javascript=False, width=375)`. Fail at the end if it has complaints."""
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
    """The width of a small phone and of a desktop."""
    return request.param


@pytest.fixture
def check_page():
    """Check the current page: `check_page(visitor)`. Fail at the end if any page had a fault at any width."""
    faults = []

    def at(visitor):
        faults.extend(visitor.faults_at_every_width())

    yield at
    assert faults == []
