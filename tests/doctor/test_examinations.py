"""What `manage.py doctor` finds, and does not say."""

import datetime
import re
from io import StringIO

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from boroughs.models.texts import HelpContact
from doctor.checks import database, people, services, variables
from doctor.examination import EXAMINATIONS
from outbox.health import record_heartbeat
from tests.support.people import make_administrator, make_auditor
from tests.support.second_factors import add_passkey
from tests.support.smtp_sink import Sink
from tests.support.stack import free_port
from walkandtalk.lib.variables.reader import Variables

pytestmark = pytest.mark.django_db

REAL = {"inbox": "team@met.police.uk", "duty_number": "020 7230 1212"}


def found(examination):
    """Return the marks of what the examination finds: E for an error, W for a warning."""
    return [re.sub(r"doctor\.|administration\.", "", message.id) for message in examination()]


@pytest.fixture
def in_production(settings):
    settings.DEVELOPMENT, settings.PLACEHOLDERS_CLOSE_BCUS = False, True
    settings.TRUSTED_PROXY_COUNT = 1
    return settings


def test_log_of_postgres_that_quotes_sessions_is_found(in_production):
    with connection.cursor() as cursor:
        cursor.execute("SHOW log_min_error_statement")
        before = cursor.fetchone()
    (message,) = database.find_quoting_log()

    assert before == ("error",)  # PostgreSQL's own default
    assert message.id == "doctor.W102"
    assert message.msg.endswith("log_min_error_statement, log_error_verbosity.")
    in_production.DEVELOPMENT = True
    assert database.find_quoting_log() == []


def test_closed_bcus_are_named_and_stop_the_service_only_together(in_production, southwark, camden):
    all_closed = people.find_closed_bcus()
    BoroughCommandUnit.objects.filter(pk=southwark.bcu.pk).update(**REAL)
    one_closed = people.find_closed_bcus()
    BoroughCommandUnit.objects.update(**REAL)

    assert [message.id for message in all_closed + one_closed] == ["doctor.E302", "doctor.W301"]
    assert camden.bcu.name in one_closed[0].msg
    assert southwark.bcu.name not in one_closed[0].msg
    assert people.find_closed_bcus() == []


def test_database_without_bcus_needs_the_reference_data(in_production):
    (message,) = people.find_closed_bcus()

    assert "load_reference_data" in message.hint


def test_people_that_are_missing(settings, southwark):
    administrator = make_administrator()
    settings.AUDITOR_EMAIL = administrator.email
    before = [
        found(people.find_lone_administrator),
        found(people.find_missing_auditor),
        found(people.find_wrong_readers),
    ]
    make_administrator()
    settings.AUDITOR_EMAIL = make_auditor().email
    after = [
        found(people.find_lone_administrator),
        found(people.find_missing_auditor),
        found(people.find_wrong_readers),
    ]

    assert (before, after) == ([["W001"], ["W303"], ["W304"]], [[], [], []])
    assert found(people.find_missing_nominated_inspectors) == ["W302"]


def test_second_factor_is_missing_only_of_those_who_signed_in(inspector, officer):
    Officer.objects.filter(pk=inspector.pk).update(last_login=timezone.now())
    before = found(people.find_missing_second_factors)
    add_passkey(inspector)

    assert (before, found(people.find_missing_second_factors)) == (["W306"], [])


def test_unchecked_help_contacts_are_counted():
    HelpContact.objects.create(name="Line", number="0808 100")

    assert found(people.find_unchecked_texts) == ["W307"]


def test_processes_have_to_be_seen_each_minute():
    never = services.find_stopped_processes()
    record_heartbeat("worker")
    record_heartbeat("loop")
    running = services.find_stopped_processes()
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=61), tick=False):
        record_heartbeat("worker")
        without_loop = services.find_stopped_processes()

    assert [message.is_serious() for message in never] == [True, True]
    assert running == []
    assert [(message.is_serious(), "run_outbox" in message.hint) for message in without_loop] == [(False, True)]


def test_mail_server_is_asked_and_nothing_is_sent(settings):
    refused = services.find_mail_server()
    sink, port = Sink(), free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    accepted = services.find_mail_server()
    controller.stop()

    assert [message.id for message in refused] == ["doctor.E201"]
    assert accepted == []
    assert (len(sink.greetings), sink.received) == (1, [])


def test_ledger_has_to_be_writeable(settings, tmp_path):
    def ledger(location):
        backend = "django.core.files.storage.FileSystemStorage"
        return settings.STORAGES | {"erasures": {"BACKEND": backend, "OPTIONS": {"location": str(location)}}}

    (tmp_path / "file").touch()
    settings.STORAGES = ledger(tmp_path / "file" / "erasures")
    refused = found(services.find_ledger)
    settings.STORAGES = ledger(tmp_path / "erasures")

    assert (refused, found(services.find_ledger)) == (["E202"], [])
    assert list((tmp_path / "erasures").iterdir()) == []


def test_variables_that_nothing_reads_are_compared_with_ours(in_production):
    values = {"REQUEST_PER_NETWORK_AN_HOUR": "5", "FIELD_KEY": "1:x", "DEMO": "1", "PATH": "/bin", "HOSTNAME": "web"}
    in_production.VARIABLES = Variables(values, is_production=True, defaults={})
    in_production.VARIABLES.names |= {"REQUESTS_PER_NETWORK_AN_HOUR", "FIELD_KEYS", "DATABASE_URL"}

    messages = variables.find_unknown_variables()

    assert [(message.msg.split(" ")[0], message.id) for message in messages] == [
        ("DEMO", "doctor.W002"),
        ("FIELD_KEY", "doctor.W003"),
        ("REQUEST_PER_NETWORK_AN_HOUR", "doctor.W003"),
    ]
    assert messages[1].hint == "Nothing reads it. Did you mean FIELD_KEYS?"


def test_examples_among_the_variables(in_production):
    in_production.PUBLIC_URL = "https://walks.met.police.uk"
    in_production.FROM_EMAIL = "Walk and Talk <hello@met.police.uk>"

    (message,) = variables.find_examples()

    named = message.msg.removeprefix("These variables are examples: ").rstrip(".").split(", ")
    assert "ORGANISATION_PHONE" in named
    assert "ORGANISATION_COMPLAINTS" in named
    assert not {"PUBLIC_URL", "FROM_EMAIL", "ORGANISATION_NAME"} & set(named)
    in_production.DEVELOPMENT = True
    assert variables.find_examples() == []


def test_command_prints_each_examination_and_no_personal_detail(southwark, officer, settings):
    Officer.objects.update(name="Ada Canary", email="canary@example.com", last_login=timezone.now())
    settings.AUDITOR_EMAIL = "canary@example.com"
    printed = StringIO()

    with pytest.raises(CommandError, match="until each ✗ is put right"):  # nothing sends messages here
        call_command("doctor", stdout=printed)

    lines = printed.getvalue().splitlines()
    assert sum(line[0] in "✓!✗" for line in lines) >= len(EXAMINATIONS)
    assert "✓ The database answers" in lines
    assert "✓ Every migration has run" in lines
    assert "✗ The mail server doesn’t accept a connection." in lines
    assert "canary" not in printed.getvalue().lower()
    assert settings.SECRET_KEY not in printed.getvalue()
