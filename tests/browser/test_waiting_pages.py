"""Pages that few people see: closing an account, and the two that ask to wait before a password is entered again."""

import os
import uuid
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest

from devtools.stack import services
from devtools.stack.postgres import SUPERUSER

pytestmark = pytest.mark.stack

KEY = "from walkandtalk.lib import tokens; print(tokens.index_hmac('check of {} among strangers'))"
CLOSE = "from django.urls import reverse; print(reverse('account_closure:close', args=[{}]))"


@pytest.fixture(params=[320, 375, 1280])
def width(request):
    """The width of a small phone, of a modern one and of a desktop."""
    return request.param


@pytest.fixture
def visitor(visit, width):
    return visit(width=width)


def faults_of(visitor, name):
    """Return the faults of the page at the visitor's own width, and keep a picture if SCREENSHOTS names a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        path = Path(folder) / f"{name}-{visitor.page.viewport_size['width']}.png"
        visitor.page.screenshot(path=path, full_page=True)
    return visitor.wider_than_the_screen() + visitor.covered_controls() + visitor.axe_violations()


def try_password(visitor, name):
    visitor.go("/staff/sign-in/")
    visitor.fill(username=name, password="wrong")
    visitor.press_sign_in()


def test_page_after_too_many_wrong_passwords(visitor):
    name = f"{uuid.uuid4()}@example.com"
    for _ in range(6):
        try_password(visitor, name)

    assert visitor.heading.startswith("Wait until ")
    assert faults_of(visitor, "too-many-tries") == []


@contextmanager
def password_being_checked(stack, name):
    """Hold what a check of this name holds, in a session of our own."""
    running = services.read(stack.var)
    key = stack.shell(KEY.format(name.upper())).strip()
    connection = psycopg2.connect(host=running.postgres_socket, user=SUPERUSER, dbname=running.postgres_name)
    try:
        connection.cursor().execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        yield
    finally:
        connection.close()


def test_page_while_the_password_is_being_checked(visitor, stack):
    name = f"{uuid.uuid4()}@example.com"

    with password_being_checked(stack, name):
        try_password(visitor, name)

        assert visitor.heading == "Try again in a moment"
        assert faults_of(visitor, "too-busy") == []

    visitor.follow("try again")
    assert visitor.heading == "Sign in"


def test_page_that_closes_an_account(visitor, stack):
    address = stack.shell(CLOSE.format("Officer.objects.get(email='officer.cn@example.com').pk")).strip()
    visitor.sign_in("admin")

    visitor.go(address)
    faults = faults_of(visitor, "close-account")
    visitor.press("Close this account")
    faults += faults_of(visitor, "close-account-error") + visitor.dead_error_links()

    assert faults == []
