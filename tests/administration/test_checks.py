"""A check of the database warns while nobody could agree to a proposal."""

import pytest
from django.core import checks
from django.core.management import call_command
from django.db import connection

from tests.support.people import make_administrator

pytestmark = pytest.mark.django_db


def ids():
    return [found.id for found in checks.run_checks(tags=[checks.Tags.database], databases=["default"])]


def test_check_warns_with_one_administrator_and_not_with_two(administrator, capsys):
    alone = ids()
    call_command("check", databases=["default"])
    warned = "manage.py createsuperuser" in capsys.readouterr().err

    make_administrator()

    assert (alone, warned, ids()) == (["administration.W001"], True, [])


def test_check_says_nothing_before_the_first_migration(monkeypatch):
    monkeypatch.setattr(connection.introspection, "table_names", list)

    assert ids() == []
