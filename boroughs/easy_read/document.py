"""The PDF of an Easy Read page, to print or to read aloud."""

import re
from functools import lru_cache

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from boroughs.easy_read.lines import EasyReadPage, Section
from boroughs.easy_read.sheets import sheets_of
from walkandtalk.lib.organisation import Organisation
from walkandtalk.lib.pdf import render_pdf

AFTER_A_FIGURE = re.compile(r"(?<=\d) (?=\w)")
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
CACHE_SIZE = 16  # a document takes a tenth of a second to make, and changes only with its lines


def render_document(page: EasyReadPage, address: str) -> bytes:
    """Return the PDF of these lines, with the address of their web page and who runs the service at the foot."""
    return _render(
        str(page.title), page.sections, address, settings.ORGANISATION, get_language() or settings.LANGUAGE_CODE
    )


@lru_cache(maxsize=CACHE_SIZE)
def _render(
    title: str, sections: tuple[Section, ...], address: str, organisation: Organisation, language: str
) -> bytes:
    data = {
        "title": title,
        "mark": _("Easy Read"),
        "service": _("Walk and Talk"),
        "sheets": [[_section(section) for section in sheet] for sheet in sheets_of(sections)],
        "run_by": organisation.run_by,
        "phone": _("Call %(number)s") % {"number": organisation.phone},
        "address": address,
        "numbering": _("Page {page} of {pages}"),
    }
    return render_pdf("boroughs/easy_read/document.typ", data)


def _section(section: Section) -> dict[str, object]:
    lines = [
        {"picture": line.picture, "runs": [(_unbroken(words), is_hard) for words, is_hard in line.runs]}
        for line in section.lines
    ]
    return {"heading": section.heading, "lines": lines}


def _unbroken(words: str) -> str:
    """Keep a telephone number, or a number and what it counts, on one line."""
    return AFTER_A_FIGURE.sub(NO_BREAK_SPACE, words)
