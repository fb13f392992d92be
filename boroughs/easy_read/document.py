"""The PDF of an Easy Read page, to print or to read aloud."""

import re

from django.conf import settings
from django.utils.translation import gettext as _

from boroughs.easy_read.lines import EasyReadPage, Section
from boroughs.easy_read.sheets import sheets_of
from walkandtalk.lib.pdf import render_pdf

AFTER_A_FIGURE = re.compile(r"(?<=\d) (?=\w)")
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


def render_document(page: EasyReadPage, address: str) -> bytes:
    """Return the PDF of these lines, with the address of their web page and who runs the service at the foot."""
    organisation = settings.ORGANISATION
    data = {
        "title": str(page.title),
        "mark": _("Easy Read"),
        "service": _("Walk and Talk"),
        "sheets": [[_section(section) for section in sheet] for sheet in sheets_of(page.sections)],
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
