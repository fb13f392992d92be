"""Draws a poster for an area or a place in it: the question, how a walk works, and the ways to ask for one."""

from enum import StrEnum
from io import BytesIO

import segno
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from boroughs.public_pages.areas import Area, short_address
from walkandtalk.lib.pdf import render_pdf

TEMPLATE = "boroughs/poster.typ"
INK = "#1b2527"
QUIET_ZONE = 4  # white squares on each side, which scanners need to find a QR code


class Paper(StrEnum):
    A4 = "a4"
    A5 = "a5"


def poster_response(area: Area, paper: Paper, *, code: str = "") -> HttpResponse:
    name = f"walk-and-talk-{code or area.slug}-{paper}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(render_poster(area, paper, code=code), content_type="application/pdf", headers=headers)


def render_poster(area: Area, paper: Paper, *, code: str = "") -> bytes:
    """Return the PDF, with the same bytes every time so that browsers can keep it.

    `code` is what `?from=` says after a scan: that of the place where the poster hangs, or else the area.
    """
    address = f"{settings.PUBLIC_URL}{reverse('boroughs:area', args=[area.slug])}"
    scanned = f"{address}?from={code or area.slug}"
    return render_pdf(
        TEMPLATE,
        {
            "paper": paper.value,
            "address": address,
            "qr": _draw_qr(scanned),
            "texts": {
                **_texts(area.where, address),
                "qr_alt": _("QR code for the address %(address)s") % {"address": scanned},
            },
        },
    )


def _texts(where: str, address: str) -> dict[str, object]:
    run_by = settings.ORGANISATION
    named = {"where": where, "number": str(run_by.phone), "hours": str(run_by.phone_hours)}
    return {
        "service": _("Walk and Talk"),
        "title": _("Walk and Talk in %(where)s") % named,
        "subject": _("How to ask for a walk with local women police officers in %(where)s") % named,
        "run_by": run_by.run_by,
        "question": _("Is there a place in %(where)s where you feel unsafe?") % named,
        "answer": _("Walk through it with local women police officers. They’ll listen to what worries you."),
        "how": _("How it works"),
        "steps": [
            _("Say where you feel unsafe, when you could walk and a safe way to contact you."),
            _(
                "We’ll answer in a few days. If we can arrange it, we’ll tell you the time, the place and who you’ll "
                "meet."
            ),
            _("Walk together. Say what should change, and we’ll tell you what came of it."),
        ],
        "scan": _("Scan to ask for a walk"),
        "typed": short_address(address),
        "call": _("Or call %(number)s") % named,
        "hours": _("We answer %(hours)s.") % named,
        "by-text": _("By text: 18001 %(number)s in the Relay UK app.") % named,
        "free": _("Free, for women aged 18 or over who live or work in London. No account needed."),
        "danger": _("In danger now? Call 999."),
        "cannot-speak": _("Can’t speak? Call 999 from a mobile, then press 55."),
    }


def _draw_qr(address: str) -> str:
    """Return the QR code as SVG. Medium error correction leaves it readable with a scratch or a fold."""
    code, svg = segno.make_qr(address, error="m"), BytesIO()
    code.save(svg, kind="svg", border=QUIET_ZONE, dark=INK, xmldecl=False, svgclass=None, lineclass=None, omitsize=True)
    return svg.getvalue().decode()
