"""The id, the line and the metrics of each request, and the code on a page that says something went wrong."""

import logging
import re
import uuid

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import Error, OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from accounts.models import SecurityEvent
from outbox.actions import queue_message
from outbox.models import Message
from outbox.sending.delivery import build_email, deliver_due
from tests.support.staff_client import StaffClient
from walkandtalk.lib.monitoring import metrics
from walkandtalk.lib.monitoring.request_ids import current_request_id, error_code, in_request
from walkandtalk.urls import handler403, handler404, handler500  # noqa: F401
from walkandtalk.views import neutral_server_error

GIVEN = "0f5c2a4e9b7d4c1f8a3e6d5b2c1a0f9e"
CODE = re.compile(r"If you tell us about this, give us this code: ([0-9a-f]{8})\s")


@login_not_required
def failing_view(request):
    raise ValueError("Zsuzsanna Kanarienvogel")


@login_not_required
def sending_view(request):
    with transaction.atomic():
        queue_message(
            dedupe_key="booking:7:scheduled",
            thread="requester:7",
            recipient="zsuzsanna@canary.example.com",
            sender="hello@example.com",
            subject="When and where",
            text="At six",
        )
    return HttpResponse("sent")


@login_not_required
def forbidden_view(request):
    raise PermissionDenied


@login_not_required
def unanswered_view(request):
    raise OperationalError("zsuzsanna")


urlpatterns = [
    path("unanswered/", unanswered_view),
    path("fail/", failing_view, name="fail"),
    path("send/", sending_view, name="send"),
    path("staff/forbid/", forbidden_view, name="forbid"),
    path("", include("walkandtalk.urls")),
]


@pytest.fixture
def lines(caplog, monkeypatch):
    """Return the fields of the lines that requests have had so far."""
    caplog.set_level(logging.INFO, "walkandtalk.requests")

    def of_requests():
        records = [record for record in caplog.records if record.name == "walkandtalk.requests"]
        names = ("method", "route", "status", "queries", "person", "neutral")
        return [{name: record.__dict__[name] for name in names if name in record.__dict__} for record in records]

    return of_requests


def test_response_has_a_new_id_each_time(client, db):
    ids = {client.get("/leave")["X-Request-ID"] for _ in range(3)}

    assert len({uuid.UUID(text) for text in ids}) == 3


@pytest.mark.parametrize(
    ("proxies", "sent", "is_taken"),
    [
        (1, GIVEN, True),
        (1, str(uuid.UUID(GIVEN)), True),
        (0, GIVEN, False),
        (1, GIVEN.upper(), False),
        (1, f"{GIVEN}\n", False),
        (1, "zsuzsanna@canary.example.com", False),
        (1, "", False),
    ],
)
def test_id_is_taken_only_from_our_proxy_and_in_our_form(client, settings, proxies, sent, is_taken):
    settings.TRUSTED_PROXY_COUNT = proxies

    answered = client.get("/healthz", headers={"X-Request-ID": sent})["X-Request-ID"]

    assert uuid.UUID(answered)
    assert (answered == str(uuid.UUID(GIVEN))) is is_taken


def test_id_ends_with_its_request(client):
    client.get("/healthz")

    assert current_request_id() is None
    assert error_code() == ""


def test_request_has_one_line_without_what_was_typed(client, db, lines):
    client.get("/zsuzsanna@canary.example.com/?name=Zsuzsanna")
    client.generic("ZSUZSANNA", "/")

    assert lines() == [
        {"method": "GET", "route": "unmatched", "status": 404, "queries": 0},
        {"method": "ZSUZSANNA", "route": "home", "status": 405, "queries": 0},
    ]


def test_line_names_the_member_of_staff_by_number(inspector, lines):
    client = StaffClient()
    client.force_login(inspector)

    client.get("/staff/help/")

    assert lines()[-1]["person"] == inspector.pk
    assert lines()[-1]["route"] == "staff-help"


def test_line_of_the_neutral_host_says_so(client, settings, lines):
    client.get("/", headers={"host": settings.DISCREET_HOST})

    assert lines()[0]["neutral"] is True


def test_checks_of_the_health_have_no_line(client, db, lines):
    client.get("/healthz")

    assert lines() == []


def test_line_counts_the_queries_and_costs_none(client, db, lines, django_assert_num_queries):
    for _ in range(2):
        client.get("/")

    with django_assert_num_queries(lines()[1]["queries"]):
        client.get("/")

    assert lines()[2]["queries"] == lines()[1]["queries"] > 0


def shown():
    """Return the value of each of our own metrics, by its name and labels."""
    families = metrics._registry.collect()
    return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}


def test_metrics_count_requests_by_route_method_and_status(client, db):
    before = shown()

    client.get("/healthz")
    client.generic("ZSUZSANNA", "/zsuzsanna/")

    names = [("healthz", "GET", "200"), ("unmatched", "other", "404")]
    keys = [("walkandtalk_requests_total", *name) for name in names]
    assert [shown()[key] - before.get(key, 0) for key in keys] == [1, 1]
    assert not any("zsuzsanna" in str(key).lower() for key in shown())


def test_metrics_count_queries_that_took_too_long_and_not_those_that_were_refused(db):
    timer, before = metrics.QueryTimer(), shown()
    with connection.execute_wrapper(timer), connection.cursor() as cursor:
        for statement in ("SELECT pg_sleep(5)", "SELECT 1/0"):
            with pytest.raises(Error, match=r"timeout|division"), transaction.atomic():
                cursor.execute(f"SET LOCAL statement_timeout = 20; {statement}")

    name = "walkandtalk_database_errors_total"
    assert shown()[name, "timeout"] - before.get((name, "timeout"), 0) == 1
    assert shown().get((name, "unavailable"), 0) == before.get((name, "unavailable"), 0)
    assert timer.queries >= 2
    assert 0.02 <= timer.seconds < 5


@pytest.mark.urls(__name__)
def test_page_of_a_failure_shows_the_beginning_of_the_id(client):
    client.raise_request_exception = False

    page = client.get("/fail/")

    assert page.status_code == 500
    assert CODE.findall(page.text) == [page["X-Request-ID"][:8]]


@pytest.mark.urls(__name__)
def test_page_without_a_database_shows_the_code_too(client):
    client.raise_request_exception = False

    page = client.get("/unanswered/")

    assert page.status_code == 503
    assert CODE.findall(page.text) == [page["X-Request-ID"][:8]]


def test_failure_on_the_neutral_host_shows_the_beginning_of_the_id(rf):
    with in_request(uuid.UUID(GIVEN)):
        page = neutral_server_error(rf.get("/"))

    assert page.status_code == 500
    assert CODE.findall(page.content.decode()) == [GIVEN[:8]]


@pytest.mark.parametrize("address", ["/request/start/", "/staff/sign-in/", "/r/"])
def test_page_of_a_form_that_was_open_too_long_shows_the_code(db, settings, address):
    host = {"host": settings.DISCREET_HOST} if address == "/r/" else {}

    page = Client(enforce_csrf_checks=True).post(address, headers=host)

    assert page.status_code == 403
    assert CODE.findall(page.text) == [page["X-Request-ID"][:8]]


@pytest.mark.urls(__name__)
def test_security_log_has_the_id_of_the_response(officer):
    client = StaffClient()
    client.force_login(officer)

    page = client.get("/staff/forbid/")

    assert page.status_code == 403
    assert CODE.findall(page.text) == [page["X-Request-ID"][:8]]
    assert str(SecurityEvent.objects.get(route="forbid").request_id) == page["X-Request-ID"]


@pytest.mark.urls(__name__)
@pytest.mark.django_db(transaction=True)
def test_message_has_the_id_of_the_request_that_queued_it(client, mailoutbox):
    page = client.get("/send/")
    deliver_due(10)

    (message,) = Message.objects.all()
    assert mailoutbox[0].message()["X-Request-ID"] == page["X-Request-ID"]
    assert build_email(message).message().as_bytes() == build_email(message).message().as_bytes()


@pytest.mark.django_db
def test_message_of_a_job_has_no_id():
    sending_view(None)

    assert "X-Request-ID" not in build_email(Message.objects.get()).message()
