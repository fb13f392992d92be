import json
import logging
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from boroughs.models.bcus import Borough, BoroughCommandUnit

NOTE = "Can't read the borough from the database. Using the BCU from data/bcus.json.\n"


@contextmanager
def database_unavailable():
    def refuse(*args):
        raise OperationalError("no server")

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture
def locate(capsys):
    def run(postcode):
        call_command("locate", postcode)
        out, err = capsys.readouterr()
        return json.loads(out), err

    return run


@pytest.fixture
def southwark():
    unit = BoroughCommandUnit.objects.create(
        code="CN", name="Central North", inbox="cn@example.com", duty_number="020 7946 0102"
    )
    return Borough.objects.create(gss="E09000028", slug="southwark", name="Southwark", bcu=unit)


@pytest.mark.django_db
def test_locate_prints_names_codes_and_the_bcu_set_in_the_admin(locate, southwark):
    answer, note = locate("SE15 4QL")

    assert answer == {
        "status": "london",
        "borough": "Southwark",
        "borough_gss": "E09000028",
        "bcu": "CN",
        "ward": "Rye Lane",
        "ward_gss": "E05011113",
        "district": None,
        "force": "Metropolitan Police Service",
    }
    assert note == ""


@pytest.mark.django_db
def test_locate_works_without_reference_data_and_notes_it(locate):
    answer, note = locate("SE15 4QL")

    assert (answer["bcu"], note) == ("AS", NOTE)


@pytest.mark.django_db
def test_locate_works_without_a_database_and_notes_it(locate, southwark):
    with database_unavailable():
        answer, note = locate("SE15 4QL")

    assert (answer["bcu"], note) == ("AS", NOTE)


@pytest.mark.django_db
def test_locate_has_no_bcu_for_the_city(locate):
    answer, _ = locate("EC2V 7HH")

    assert (answer["status"], answer["borough"], answer["bcu"], answer["force"]) == (
        "city",
        "City of London",
        None,
        "City of London Police",
    )


@pytest.mark.parametrize(("postcode", "status"), [("CR3 0AA", "outside"), ("ZZ1 1AA", "unknown"), ("x", "malformed")])
def test_locate_needs_no_database_without_a_borough(locate, postcode, status):
    answer, note = locate(postcode)

    assert (answer["status"], answer["borough"], answer["bcu"], answer["ward"], note) == (status, None, None, None, "")


@pytest.mark.django_db
def test_locate_sends_no_postcode_to_log_or_database(locate, southwark, caplog):
    caplog.set_level(logging.DEBUG)

    with CaptureQueriesContext(connection) as queries:
        locate("SE15 4QL")

    assert len(queries) == 1
    recorded = " ".join([*(query["sql"] for query in queries), *(record.getMessage() for record in caplog.records)])
    assert "4QL" not in recorded
