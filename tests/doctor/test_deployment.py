"""`manage.py doctor` and `manage.py check --deploy` with the variables of production."""

import datetime
import os
import subprocess
import sys
import tomllib

import pytest
from django.conf import settings

from tests.support.production import VARIABLES, Production

VERSION = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
UNREACHABLE = {
    "DATABASE_URL": "postgres://someone:pa55word@127.0.0.1:9/walkandtalk",
    "REDIS_URL": "redis://127.0.0.1:9/0",
    "EMAIL_URL": "smtp+tls://someone:pa55word@127.0.0.1:9",
    "ERASURES_OPTIONS": '{"location": "/proc/erasures"}',
}
REAL = {
    "PUBLIC_URL": "https://walks.police.uk",
    "DISCREET_URL": "https://diary.org.uk",
    "FROM_EMAIL": "Walk and Talk <hello@walks.police.uk>",
    "DISCREET_FROM_EMAIL": "Diary <hello@diary.org.uk>",
    "AUDITOR_EMAIL": "auditor@walks.police.uk",
}
REAL |= {
    name: f"on paper | Scheme lead | {datetime.date.today()}" for name in VARIABLES if name.startswith("ORGANISATION_")
}


def manage(*arguments, **variables):
    inherited = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=inherited | VARIABLES | UNREACHABLE | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_check_deploy_is_clean_with_the_variables_of_production():
    checked = manage("check", "--deploy", "--fail-level=WARNING", **REAL)

    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout == "System check identified no issues (1 silenced).\n"  # auth.W004: a constraint does it


def test_doctor_says_that_servers_are_down_and_goes_on():
    ended = manage("doctor", **REAL)

    assert ended.returncode == 1
    lines = ended.stdout.splitlines()
    assert lines[0] == f"Walk and Talk {VERSION}"
    assert "✗ The database doesn’t answer." in lines
    assert "! Not known without the database: Every migration has run" in lines
    assert "! Redis doesn’t answer." in lines
    assert "✗ The ledger of erasures can’t be written: FileNotFoundError." in lines
    assert "✓ No variable is an example" in lines
    assert "pa55word" not in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


def test_doctor_names_every_wrong_variable_at_once():
    ended = manage("doctor", FIELD_KEYS="1:pa55word", PUBLIC_URL="http://walks.police.uk", INDEX_KEY="")

    assert (ended.returncode, ended.stdout) == (1, "")
    first, *faults = ended.stderr.splitlines()
    assert first == "Correct these environment variables, then start again."
    assert [fault.split(" ")[0] for fault in faults] == ["✗"] * 3
    assert "pa55word" not in ended.stderr


@pytest.mark.stack
def test_doctor_finds_nothing_that_stops_a_service_in_order():
    with Production() as production:
        production.start_redis()
        production.manage("collectstatic", "--no-input", "--verbosity=0")
        production.load_reference_data()
        production.start_loop()
        production.wait(lambda: "Delivering" in production.log("loop").read_text())

        lines = production.manage("doctor").splitlines()

    assert not [line for line in lines if line[0] == "✗"]
    assert {
        "✓ The application’s role can’t change a log",
        "✓ Redis answers",
        "✓ The mail server accepts a connection from us",
        "✓ Static files are collected",
        "✓ Every BCU takes requests",
        "! No worker or beat was seen in the last minute.",
        "! There are fewer than two administrators, so changes that need two of them wait.",
    } <= set(lines)
