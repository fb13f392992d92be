"""The lines that signing in, signing out and changing a password leave in the security log."""

import datetime
import json
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import RateCount, SecurityEvent
from accounts.models import SecurityEventKind as Kind
from tests.support.factories import PASSWORD

pytestmark = pytest.mark.django_db

SIGN_IN = "/staff/sign-in/"
NEW_PASSWORD = "quiet lanterns by the river"


def try_to_sign_in(email, password="wrong", client=None, network="192.0.2.1"):
    return (client or Client()).post(SIGN_IN, {"username": email, "password": password}, REMOTE_ADDR=network)


def lines():
    return [(event.kind, event.officer, event.subject) for event in SecurityEvent.objects.order_by("pk")]


def test_signing_in_and_out_leaves_a_line_each(client, inspector):
    try_to_sign_in(inspector.email, PASSWORD, client)
    client.get("/staff/bookings/")

    client.post("/staff/sign-out/")

    assert lines() == [(Kind.SIGNED_IN, inspector, None), (Kind.SIGNED_OUT, inspector, None)]


def test_signing_out_without_having_signed_in_leaves_no_line(client, db):
    client.post("/staff/sign-out/")

    assert lines() == []


def test_signing_out_of_the_admin_leaves_the_same_line(client, administrator):
    client.force_login(administrator)

    client.post("/admin/logout/")

    assert lines() == [(Kind.SIGNED_OUT, administrator, None)]


def test_failed_try_names_the_account_and_says_of_nobody_that_she_tried(inspector):
    try_to_sign_in(f" {inspector.email.upper()} ")
    try_to_sign_in("nobody@example.com")

    assert lines() == [(Kind.SIGN_IN_FAILED, None, inspector), (Kind.SIGN_IN_FAILED, None, None)]


def test_account_that_may_not_sign_in_fails_with_the_right_password(inspector):
    type(inspector).objects.filter(pk=inspector.pk).update(is_active=False)

    try_to_sign_in(inspector.email, PASSWORD)

    assert lines() == [(Kind.SIGN_IN_FAILED, None, inspector)]


@pytest.mark.parametrize("answer", [{}, {"username": "no address", "password": "x"}, {"username": "a@example.com"}])
def test_form_without_a_password_to_check_leaves_no_line(answer, client, db):
    client.post(SIGN_IN, answer)

    assert lines() == []


def test_failed_try_costs_the_same_queries_for_a_known_and_an_unknown_name(inspector):
    def statements(email):
        with CaptureQueriesContext(connection) as asked:
            try_to_sign_in(email)
        sql = [re.sub("'[0-9a-f]{64}'", "key", query["sql"]) for query in asked if "SAVEPOINT" not in query["sql"]]
        return [" ".join(words.split()[:3]) for words in sql]

    known, unknown = statements(inspector.email), statements("nobody@example.com")

    assert known == unknown
    assert known.count('INSERT INTO "accounts_securityevent"') == 1


def test_refused_tries_leave_one_line_for_each_name_network_and_quarter_of_an_hour(inspector):
    with time_machine.travel(timezone.now().replace(minute=1)):
        answers = [try_to_sign_in(inspector.email).status_code for _ in range(8)]
        try_to_sign_in(inspector.email, PASSWORD)
        for _ in range(8):
            try_to_sign_in("nobody@example.com")

    failed, refused = (Kind.SIGN_IN_FAILED, None, inspector), (Kind.SIGN_IN_REFUSED, None, inspector)
    of_nobody = [(Kind.SIGN_IN_FAILED, None, None)] * 5 + [(Kind.SIGN_IN_REFUSED, None, None)]
    assert answers[5:] == [429] * 3
    assert lines() == [failed] * 5 + [refused] + of_nobody


def test_network_that_tries_many_names_leaves_one_line_when_it_is_refused(db):
    with time_machine.travel(timezone.now().replace(minute=1)):
        for number in range(40):
            try_to_sign_in(f"nobody-{number}@example.com")

    assert lines() == [(Kind.SIGN_IN_FAILED, None, None)] * 20 + [(Kind.SIGN_IN_REFUSED, None, None)]


def test_line_of_a_network_that_is_refused_does_not_name_the_account(inspector, settings):
    settings.WRONG_PASSWORDS_PER_NETWORK = 5
    with time_machine.travel(timezone.now().replace(minute=1)):
        for number in range(5):
            try_to_sign_in(f"nobody-{number}@example.com")
        try_to_sign_in(inspector.email)
        for _ in range(5):
            try_to_sign_in(inspector.email, network="192.0.2.2")
        try_to_sign_in(inspector.email, network="192.0.2.2")

    failed, refused = Kind.SIGN_IN_FAILED, Kind.SIGN_IN_REFUSED
    of_nobody, of_network = [(failed, None, None)] * 5, (refused, None, None)
    # The second network has used up its own tries, and those of this name from there.
    assert lines() == [*of_nobody, of_network, *[(failed, None, inspector)] * 5, (refused, None, inspector), of_network]


def test_next_quarter_of_an_hour_has_a_line_of_its_own(inspector):
    start = timezone.now().replace(minute=14)
    with time_machine.travel(start):
        for _ in range(6):
            try_to_sign_in(inspector.email)

    with time_machine.travel(start + datetime.timedelta(minutes=2)):
        for _ in range(6):
            try_to_sign_in(inspector.email)

    assert [kind for kind, _by, _whose in lines()].count(Kind.SIGN_IN_REFUSED) == 2


def test_refused_tries_are_not_counted(inspector):
    with time_machine.travel(timezone.now().replace(minute=1)):
        for _ in range(12):
            try_to_sign_in(inspector.email)

    counts = list(RateCount.objects.order_by("pk").values_list("count", flat=True))
    line_in_the_log = counts.pop()
    assert counts == [5] * 5  # the pair, the network, the name in an hour and a day, and all checks
    assert line_in_the_log == 7


@pytest.mark.parametrize("address", ["/staff/password/", "/admin/password_change/"])
def test_own_new_password_leaves_a_line(address, client, administrator):
    client.force_login(administrator)
    new = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}

    client.post(address, {"old_password": "wrong", **new})
    client.post(address, {"old_password": PASSWORD, **new})

    assert lines() == [(Kind.PASSWORD_CHANGED, administrator, administrator)]


def test_no_line_holds_what_was_typed(client, inspector, caplog):
    try_to_sign_in(inspector.email, "a secret that she typed")
    try_to_sign_in("stranger@example.com", "a secret that she typed")

    left = [json.loads(record.getMessage()) for record in caplog.records if record.name == "walkandtalk.security_log"]
    assert [line["subject"] for line in left] == [inspector.pk, None]
    written = json.dumps(left) + json.dumps(list(SecurityEvent.objects.values()), default=str)
    assert not [typed for typed in ("secret", "example.com", "192.0.2.1") if typed in written]
