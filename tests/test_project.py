"""What is true of the whole project, whatever the app."""

import datetime
import re

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.template import engines
from django.utils import timezone

TEMPLATES = settings.BASE_DIR / "templates"


def test_no_migration_is_missing(db, capsys):
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)

    assert capsys.readouterr().out == "No changes detected\n"


def test_every_template_compiles():
    names = [str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file()]

    for name in names:
        engines["django"].get_template(name)

    assert names


def test_no_template_holds_script_or_style():
    """The policy of our pages forbids both. Mail has no policy, and mail programs know no stylesheets."""
    pages = [path for path in TEMPLATES.rglob("*.html") if "emails" not in path.parts]

    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:")

    assert [str(path) for path in pages if inline.search(path.read_text())] == []


def test_requirements_are_pinned_and_name_no_index():
    for path in settings.BASE_DIR.glob("requirements*.txt"):
        lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]

        assert [line for line in lines if not re.match(r"[a-z0-9-]+==[\w.]+( |$)", line)] == []


def test_no_test_file_imports_from_another():
    """What two of them need is in tests/support, so that each can be read, run and moved alone."""
    imports = re.compile(r"^\s*(?:from|import) tests\.(?:\w+\.)*(?:test_\w+|conftest)\b", re.MULTILINE)
    files = list((settings.BASE_DIR / "tests").rglob("*.py"))

    assert len(files) > 100
    assert [str(path) for path in files if imports.search(path.read_text())] == []


def test_database_has_the_same_time(db):
    """Rows take their time from either clock, so `make test CLOCK=…` must move both."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()

    assert abs(now - timezone.now()) < datetime.timedelta(seconds=5)
