"""Documents for paper, tagged so that screen readers can read them (PDF/UA-1), from Typst files in `templates/`.

docs/decisions/pdf.md
"""

import json
from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.utils.translation import get_language

STANDARD: Final = "ua-1"
"""Typst refuses to make a document that breaks a rule of PDF/UA-1 which a machine can check, such as a picture without
a text alternative."""


def render_pdf(template: str, data: Mapping[str, object]) -> bytes:
    """Return the PDF of a Typst file in `templates/`, which reads the data with `json(bytes(sys.inputs.data))`.

    Beside the data it reads the language of the texts, as `language` and `region`: "en" and "GB".
    The same data gives the same bytes, so that browsers and proxies can keep them. No font or package of the machine is
    used. Raise `typst.TypstError` if the file can't be made into a document.
    """
    import typst  # imported here: it takes 90 MB of memory, and few processes draw a document

    language, _dash, region = (get_language() or settings.LANGUAGE_CODE).partition("-")
    inputs = {"language": language, "region": region.upper() or None, **data}
    return typst.compile(
        settings.BASE_DIR / "templates" / template,
        root=settings.BASE_DIR,
        font_paths=[settings.BASE_DIR / "data" / "fonts"],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(inputs, ensure_ascii=False)},
        pdf_standards=[STANDARD],
        timestamp=0,
    )
