"""What a log record loses before it is written."""

import logging
import smtplib
from pathlib import Path

import pytest
from django.db import Error, connection, transaction
from django.test import RequestFactory

from tests.support.factories import OfficerFactory
from walkandtalk.lib.monitoring.masking import HidePersonalDetails, describe, mask, traceback_text

NAME, ADDRESS = "Zsuzsanna Kanarienvogel", "kanarie.4711@canary.example.com"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"Not Found: /my-walk/{'t' * 43}/card/", "Not Found: /my-walk/…/card/"),
        ("Error handling request /my-walk/?reference=WT-7K2M9", "Error handling request /my-walk/?…"),
        (f"Mail to <{ADDRESS}> was refused", "Mail to <…> was refused"),
        (f"duplicate key\nDETAIL:  Key (name)=({NAME}) already exists.", "duplicate key\nDETAIL: …"),
        (f"Invalid request from ip=192.0.2.7: Invalid HTTP header: 'COOKIE\\n{NAME}'", "Invalid request"),
        ("The job figures.tallies.jobs.count_figures failed", "The job figures.tallies.jobs.count_figures failed"),
        ("Where is it? Nobody knows", "Where is it? Nobody knows"),
    ],
)
def test_mask_hides_what_may_be_personal_and_nothing_else(text, masked):
    assert mask(text) == masked


def fail(error):
    """Return the traceback of an error that quotes a person, raised while another one was handled."""
    try:
        try:
            {}[NAME]
        except KeyError:
            raise error  # noqa: B904
    except type(error) as raised:
        return traceback_text(raised)


@pytest.mark.parametrize(
    "error",
    [ValueError(NAME), RuntimeError(f"cannot open {NAME}"), smtplib.SMTPRecipientsRefused({NAME: (550, b"unknown")})],
)
def test_traceback_names_places_and_types_and_no_person(error):
    text = fail(error)

    assert NAME not in text
    assert text.count("Traceback (most recent call last):") == 2
    assert "KeyError: …\nIt led to:\n" in text
    assert ", in fail" in text
    assert text.endswith(f"{type(error).__name__}: …")


@pytest.mark.django_db
def test_error_of_the_database_names_the_constraint_and_not_the_row():
    OfficerFactory(email=ADDRESS)
    with pytest.raises(Error) as caught, transaction.atomic():
        OfficerFactory(email=ADDRESS)

    text = traceback_text(caught.value)
    assert ADDRESS in str(caught.value)
    assert ADDRESS not in text
    assert "psycopg2.errors.UniqueViolation: 23505 one_officer_an_email_address\n" in text
    assert text.endswith("django.db.utils.IntegrityError: …")


@pytest.mark.django_db
def test_error_of_the_database_hides_the_statement():
    with pytest.raises(Error) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s::int", [NAME])

    assert NAME in str(caught.value)
    assert NAME not in traceback_text(caught.value)
    assert describe(caught.value.__cause__) == "psycopg2.errors.InvalidTextRepresentation: 22P02"


def test_error_of_the_system_says_what_is_wrong_and_with_no_file():
    with pytest.raises(OSError, match=NAME) as caught:
        Path(f"/nowhere/{NAME}").read_text()

    assert describe(caught.value) == "FileNotFoundError: No such file or directory"


def written(record):
    HidePersonalDetails().filter(record)
    return logging.Formatter().format(record)


def test_line_of_a_failed_task_has_no_text_of_its_error():
    about = {
        "name": "outbox.tasks.deliver",
        "id": "7",
        "description": "raised unexpected",
        "exc": repr(ValueError(NAME)),
    }
    record = logging.LogRecord(
        "celery.app.trace", logging.ERROR, "", 0, "Task %(name)s[%(id)s] %(description)s: %(exc)s", (about,), None
    )

    assert written(record) == "Task outbox.tasks.deliver[7] raised unexpected: …"


def test_line_about_a_request_names_its_route_and_not_its_path(rf: RequestFactory):
    request = rf.get(f"/{NAME}/")
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Not Found: %s", (request.path,), None)
    record.request = request

    assert written(record) == "Not Found: unmatched"
