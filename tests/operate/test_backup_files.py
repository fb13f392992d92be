"""The files that operators install for backups, and what other places say of them."""

import re
import subprocess

import pytest
from django.conf import settings

from data_rights.restore.erasures import BACKUPS_KEPT
from tests.support.debian_packages import program

DEPLOY = settings.BASE_DIR / "deploy"
SCRIPTS = sorted((DEPLOY / "backup").glob("*.sh"))


def test_scripts_have_no_fault_that_shellcheck_finds():
    found = subprocess.run([program("shellcheck"), *SCRIPTS], capture_output=True, text=True, check=False)

    assert len(SCRIPTS) == 4
    assert found.stdout == ""
    assert all(script.stat().st_mode & 0o111 for script in SCRIPTS)


def test_cron_runs_scripts_that_exist():
    names = re.findall(r"/usr/local/lib/walkandtalk/(\S+)", (DEPLOY / "backup" / "cron").read_text())

    assert {*names, "restore.sh"} == {script.name for script in SCRIPTS}


@pytest.mark.parametrize("moment", ["2026-11-30", "2026-11-30 10:05"])
def test_restore_refuses_a_moment_without_its_offset(moment):
    done = subprocess.run([DEPLOY / "backup" / "restore.sh", moment], capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "Give the time with its offset from UTC" in done.stderr


@pytest.mark.django_db
def test_backups_are_kept_for_as_long_as_the_privacy_page_says(client):
    configuration = (DEPLOY / "postgresql" / "pgbackrest.conf").read_text()
    full_backups = int(re.search(r"^repo1-retention-full=(\d+)$", configuration, re.MULTILINE).group(1))
    page = " ".join(client.get("/privacy/").text.split())

    # One a week, and the oldest goes when the next one is complete.
    assert BACKUPS_KEPT.days == 7 * (full_backups + 1)
    assert f"Our backups hold your details for up to {BACKUPS_KEPT.days} days longer." in page
