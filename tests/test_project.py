"""Checks of the whole project."""

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


def test_no_template_has_inline_script_or_style():
    """Our content security policy forbids both. Emails have no such policy, and email clients ignore stylesheets."""
    pages = [path for path in TEMPLATES.rglob("*.html") if "emails" not in path.parts]

    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:")

    assert [str(path) for path in pages if inline.search(path.read_text())] == []


def test_requirements_are_pinned_with_hashes_and_name_no_index():
    paths = sorted(settings.BASE_DIR.glob("requirements*.txt"))
    package = r"[a-z0-9-]+==[\w.]+(?: ; [^\n\\]+)? \\\n"
    entry = rf"(?:{package}(?:    --hash=sha256:[0-9a-f]{{64}} \\\n)*    --hash=sha256:[0-9a-f]{{64}}\n(?: *#.*\n|\n)*)"

    assert len(paths) == 3
    assert [path.name for path in paths if not re.fullmatch(rf"(?:#.*\n)*(?:{entry})+", path.read_text())] == []


def test_no_test_file_imports_from_another():
    """Shared helpers are in tests/support, so that each file can be read, run and moved separately."""
    imports = re.compile(r"^\s*(?:from|import) tests\.(?:\w+\.)*(?:test_\w+|conftest)\b", re.MULTILINE)
    files = list((settings.BASE_DIR / "tests").rglob("*.py"))

    assert len(files) > 100
    assert [str(path) for path in files if imports.search(path.read_text())] == []


def test_database_clock_agrees_with_python(db):
    """Rows get their times from both clocks, so `make test CLOCK=…` must change both."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()

    assert abs(now - timezone.now()) < datetime.timedelta(seconds=5)


def read_project_files():
    """Return the contents of our code, templates and documents by path, without installed or generated files."""
    folders = [path for path in settings.BASE_DIR.iterdir() if (path / "__init__.py").exists()]
    folders += [settings.BASE_DIR / name for name in ("data", "docs", "templates")]
    files = [*settings.BASE_DIR.glob("*.*"), *(path for folder in folders for path in folder.rglob("*"))]
    return {path: path.read_text() for path in files if path.suffix in (".py", ".html", ".md")}


def heading_anchors(document):
    """Return the anchors that GitHub creates for the headings of a Markdown document."""
    text = re.sub(r"^```.*?^```", "", document, flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_linked_document_and_heading_exists():
    link = re.compile(r"(\bdocs/[\w/-]+\.md|(?<=\]\()[\w./-]+\.md)(?:#([\w-]+))?")
    files = read_project_files()
    links = [(path, *match.groups()) for path, text in files.items() for match in link.finditer(text)]

    errors = []
    for path, name, anchor in links:
        document = ((settings.BASE_DIR if name.startswith("docs/") else path.parent) / name).resolve()
        if document not in files or (anchor and anchor not in heading_anchors(files[document])):
            errors.append(f"{path.relative_to(settings.BASE_DIR)}: {name}#{anchor or ''}")

    assert len(links) > 50
    assert errors == []


def test_no_document_outside_the_project_is_linked():
    outside_document = re.compile(
        r"\bDESIG[N]\b|\bMODE[L](?:\.md|,| rule)|\bPROMISE[S]\b|\b(?:WORD[S]|DOMAI[N]|STYL[E])\.md"
    )

    linked = {path: outside_document.findall(text) for path, text in read_project_files().items()}

    assert {str(path): names for path, names in linked.items() if names} == {}


def test_glossary_identifiers_are_in_the_code():
    rows = [line for line in (settings.BASE_DIR / "docs/glossary.md").read_text().splitlines() if line[:1] == "|"]
    code = "\n".join(text for path, text in read_project_files().items() if path.suffix == ".py")

    names = {name for row in rows for quoted in re.findall(r"`([^`]+)`", row) for name in re.findall(r"\w{3,}", quoted)}

    assert len(names) > 150
    assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", code)] == []
