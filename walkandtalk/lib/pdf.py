"""Documents for paper, tagged so that screen readers can read them (PDF/UA-1), from Typst files in `templates/`.

docs/decisions/pdf.md
"""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.utils.translation import get_language

STANDARD: Final = "ua-1"
"""Typst refuses to make a document that breaks a rule of PDF/UA-1 which a machine can check, such as a picture without
a text alternative."""


NOT_PRINTABLE = re.compile(r"[^\n\r -~\u00a0-\u024f\u1e00-\u1eff\u2010-\u2027\u2030-\u203a\u20ac]")
"""A character that our font may lack. PDF/UA-1 forbids those, so one of them would stop a whole document."""
CACHED = 256
"""Documents that a process keeps, 40 KB each: all posters in both sizes, and more. Making one takes 20 to 60 ms."""


def printable(text: str) -> str:
    """Return the text with a question mark for what our font can't print."""
    return NOT_PRINTABLE.sub("?", text)


def render_pdf(template: str, data: Mapping[str, object]) -> bytes:
    """Return the PDF of a Typst file in `templates/`, which reads the data with `json(bytes(sys.inputs.data))`.

    Beside the data it reads the language of the texts, as `language` and `region`: "en" and "GB".

    The same data gives the same bytes, so that browsers and proxies can keep them, and so do we. No font or package of
    the machine is used. Raise `typst.TypstError` if the file can't be made into a document.
    """
    language, _dash, region = (get_language() or settings.LANGUAGE_CODE).partition("-")
    inputs = {"language": language, "region": region.upper() or None, **data}
    return compile_document(template, json.dumps(inputs, ensure_ascii=False))


@lru_cache(maxsize=CACHED)
def compile_document(template: str, data: str) -> bytes:
    """Return the PDF of a Typst file that reads this JSON."""
    import typst  # imported here: it takes 90 MB of memory, and few processes draw a document

    return typst.compile(
        settings.BASE_DIR / "templates" / template,
        root=settings.BASE_DIR,
        font_paths=[settings.BASE_DIR / "data" / "fonts"],
        ignore_system_fonts=True,
        sys_inputs={"data": data},
        pdf_standards=[STANDARD],
        timestamp=0,
    )
