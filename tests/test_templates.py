"""Checks of the text of every template, so that people can read it."""

import re

from django.conf import settings

MOST_CHARACTERS = 160
FOLDERS = ("templates", "walkandtalk/lib/govuk/templates")


def lines_of_templates():
    """Yield each line of each template, after its file and line number."""
    for folder in FOLDERS:
        for path in sorted((settings.BASE_DIR / folder).rglob("*.*")):
            for number, line in enumerate(path.read_text().splitlines(), start=1):
                yield f"{path.relative_to(settings.BASE_DIR)}:{number}", line


def test_every_template_folder_is_searched():
    ours = [path for path in settings.BASE_DIR.iterdir() if (path / "__init__.py").exists()]

    templates = {
        str(path.relative_to(settings.BASE_DIR)) for app in ours for path in app.rglob("templates") if path.is_dir()
    }

    assert templates | {"templates"} == {*FOLDERS}


def test_no_line_of_a_template_is_longer_than_160_characters():
    lines = dict(lines_of_templates())

    assert len(lines) > 5000
    assert [place for place, line in lines.items() if len(line) > MOST_CHARACTERS] == []


def test_typed_text_starts_on_the_line_of_its_tag():
    """The class as-typed shows line breaks as they are, so a break after the tag would be an empty line on the page."""
    lines = dict(lines_of_templates())
    typed_lines = [(place, line) for place, line in lines.items() if "as-typed" in line]

    assert typed_lines
    assert [place for place, line in typed_lines if re.search(r"as-typed[^>]*>\s*$", line)] == []


def test_no_template_line_starts_with_the_end_of_a_sentence():
    """The formatter may break a line before a full stop that follows logic, which shows as a space before it."""
    begins = re.compile(r"\s*(?:{% (?:if|elif|else|endif|for|empty|endfor)\b[^%]*%})*[.,;:!?)](?:[\s<{]|$)")
    lines = {place: line for place, line in lines_of_templates() if ".html:" in place}

    assert begins.match("  {% if day|bank_holiday %}. {% blocktranslate trimmed %}")
    assert [place for place, line in lines.items() if begins.match(line)] == []
