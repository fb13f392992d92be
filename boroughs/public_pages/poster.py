"""Draws an A4 poster for an area: the question, how a walk works, and an address to scan or to type."""

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from io import BytesIO

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from boroughs.public_pages.areas import Area, short_address
from boroughs.public_pages.drawings import MARK, STREET, Shape, read_drawing

REGULAR, BOLD = "LiberationSans", "LiberationSans-Bold"
NIGHT, LAMP, INK = HexColor("#12454f"), HexColor("#f2b84b"), HexColor("#1b2527")

# All lengths are in points (72 to the inch), from the lower left corner.
WIDTH, HEIGHT = A4
MARGIN = 44
NIGHT_BEGINS = 372
STREET_SCALE = 0.6
BAND_TOP, BAND_HEIGHT = 138, 66
QR_QUIET_ZONE = 4  # white squares on each side, which scanners need to find a QR code
QR_SIDE = 200  # including the quiet zone
CACHE_SIZE = 64  # a poster takes some hundredths of a second to draw, and only changes with the area's name


def render_poster(area: Area) -> bytes:
    """Return the PDF, with the same bytes every time so that browsers can keep it."""
    return _render(area.where, area.slug, settings.PUBLIC_URL, get_language() or settings.LANGUAGE_CODE)


@lru_cache(maxsize=CACHE_SIZE)
def _render(where: str, slug: str, public_url: str, language: str) -> bytes:
    _load_fonts()
    page = BytesIO()
    # By default reportlab names Helvetica without embedding it, and printers then ask for the font.
    first = {"initialFontName": REGULAR}
    canvas = Canvas(page, pagesize=A4, invariant=1, lang=language, **first)  # type: ignore[arg-type]  # the stubs want each option typed
    canvas.setTitle(_("Walk and Talk in %(where)s") % {"where": where})
    canvas.setAuthor(_("Walk and Talk"))
    canvas.setSubject(_("How to ask for a walk with local women police officers in %(where)s") % {"where": where})
    canvas.setViewerPreference("DisplayDocTitle", "true")
    address = f"{public_url}{reverse('boroughs:area', args=[slug])}"
    _draw_night(canvas)
    _draw_question(canvas, where)
    _draw_steps(canvas)
    _draw_qr(canvas, f"{address}?from={slug}")
    _draw_address(canvas, short_address(address))
    _draw_foot(canvas)
    canvas.save()
    return page.getvalue()


@cache
def _load_fonts() -> None:
    """Register the fonts to embed, so that a poster prints as it looks. They match Helvetica, with more letters."""
    for name, file in ((REGULAR, "LiberationSans-Regular.ttf"), (BOLD, "LiberationSans-Bold.ttf")):
        pdfmetrics.registerFont(TTFont(name, settings.BASE_DIR / "data" / "fonts" / file))


def _draw_night(canvas: Canvas) -> None:
    """Draw a dark street with one lamp and three people, who walk towards us on the edge of the night."""
    canvas.setFillColor(NIGHT)
    canvas.rect(0, NIGHT_BEGINS, WIDTH, HEIGHT - NIGHT_BEGINS, stroke=0, fill=1)
    canvas.saveState()
    edge = canvas.beginPath()
    edge.rect(0, NIGHT_BEGINS, WIDTH, HEIGHT)
    canvas.clipPath(edge, stroke=0)
    street = read_drawing(STREET)
    _draw(canvas, street.shapes, x=WIDTH - 240, top=NIGHT_BEGINS + street.height * STREET_SCALE, scale=STREET_SCALE)
    canvas.restoreState()


def _draw(canvas: Canvas, shapes: Iterable[Shape], *, x: float, top: float, scale: float) -> None:
    """Draw the shapes to the right of x and below `top`. On paper, y grows upwards."""
    for shape in shapes:
        colour = HexColor(shape.colour)
        canvas.setFillColor(Color(colour.red, colour.green, colour.blue, alpha=shape.opacity))
        outline = canvas.beginPath()
        (first_x, first_down), *others = shape.placed(x=x, y=0, scale=scale)
        outline.moveTo(first_x, top - first_down)
        for point_x, down in others:
            outline.lineTo(point_x, top - down)
        outline.close()
        canvas.drawPath(outline, stroke=0, fill=1)


def _draw_question(canvas: Canvas, where: str) -> None:
    _draw(canvas, read_drawing(MARK).shapes, x=MARGIN - 4, top=HEIGHT - 32, scale=48 / 64)
    _write(canvas, _("Walk and Talk"), x=MARGIN + 52, y=HEIGHT - 57, size=22, font=BOLD, colour=white)
    _write(canvas, settings.ORGANISATION.run_by, x=MARGIN + 52, y=HEIGHT - 75, size=12, colour=white)
    question = _("Is there a place in %(where)s where you feel unsafe?") % {"where": where}
    size, lines = _fit_text(question, width=380, height=236, largest=46)
    y = HEIGHT - 148
    for line in lines:
        _write(canvas, line, x=MARGIN, y=y, size=size, font=BOLD, colour=white)
        y -= size * 1.12
    answer = _("Walk through it with local women police officers. They’ll listen to what worries you.")
    y += size * 1.12 - 56  # the same distance below the question whatever its size
    for line in simpleSplit(answer, REGULAR, 21, 320):
        _write(canvas, line, x=MARGIN, y=y, size=21, colour=LAMP)
        y -= 27


def _draw_steps(canvas: Canvas) -> None:
    steps = [
        _("Say where you feel unsafe and when you could walk."),
        _("We’ll answer in a few days. If we can arrange it, we’ll tell you the time, the place and who you’ll meet."),
        _("Walk together. Say what should change, and we’ll tell you what came of it."),
    ]
    y = NIGHT_BEGINS - 52
    for number, step in enumerate(steps, start=1):
        canvas.setFillColor(NIGHT)
        canvas.circle(MARGIN + 15, y, 15, stroke=0, fill=1)
        canvas.setFillColor(white)
        canvas.setFont(BOLD, 16)
        canvas.drawCentredString(MARGIN + 15, y - 5.5, str(number))
        lines = simpleSplit(step, REGULAR, 15, 238)
        line_y = y + 4
        for line in lines:
            _write(canvas, line, x=MARGIN + 44, y=line_y, size=15)
            line_y -= 19
        y = min(y - 58, line_y - 16)


def _draw_qr(canvas: Canvas, address: str) -> None:
    """Draw the QR code square by square rather than as a picture, so that it is sharp at any size."""
    code = segno.make_qr(address, error="m")
    side = QR_SIDE / code.symbol_size(border=QR_QUIET_ZONE)[0]
    left, bottom = WIDTH - MARGIN - QR_SIDE + QR_QUIET_ZONE * side, NIGHT_BEGINS - 8 - QR_SIDE
    squares = canvas.beginPath()
    for row, first, count in _runs(code):
        x, y = left + (QR_QUIET_ZONE + first) * side, bottom + QR_SIDE - (QR_QUIET_ZONE + 1 + row) * side
        squares.rect(x, y, count * side, side)
    canvas.setFillColor(INK)
    canvas.drawPath(squares, stroke=0, fill=1)
    canvas.setFillColor(NIGHT)
    canvas.setFont(BOLD, 15)
    canvas.drawCentredString(left + QR_SIDE / 2, bottom - 12, _("Scan to ask for a walk"))


def _runs(code: segno.QRCode) -> Iterator[tuple[int, int, int]]:
    """Join adjacent dark squares into (row, first column, count), because hairlines would show between single ones."""
    for row, bits in enumerate(code.matrix):
        first = None
        for column, is_dark in enumerate([*bits, 0]):
            if is_dark and first is None:
                first = column
            elif not is_dark and first is not None:
                yield row, first, column - first
                first = None


def _draw_address(canvas: Canvas, address: str) -> None:
    canvas.setFillColor(LAMP)
    canvas.rect(0, BAND_TOP - BAND_HEIGHT, WIDTH, BAND_HEIGHT, stroke=0, fill=1)
    size = min(28.0, 28.0 * (WIDTH - 2 * MARGIN) / canvas.stringWidth(address, BOLD, 28))
    canvas.setFillColor(INK)
    canvas.setFont(BOLD, size)
    canvas.drawCentredString(WIDTH / 2, BAND_TOP - BAND_HEIGHT / 2 - size * 0.34, address)


def _draw_foot(canvas: Canvas) -> None:
    free = _("Free, for women aged 18 or over who live or work in London. No account needed.")
    canvas.setFillColor(INK)
    canvas.setFont(REGULAR, 13)
    canvas.drawCentredString(WIDTH / 2, 47, free)
    canvas.setFont(BOLD, 13)
    canvas.drawCentredString(
        WIDTH / 2, 27, _("In danger now? Call 999. Can’t speak? Call 999 from a mobile, then press 55.")
    )


def _fit_text(text: str, *, width: float, height: float, largest: float) -> tuple[float, list[str]]:
    """Return the largest size at which the text fits, and its lines at that size."""
    size = largest
    while True:
        lines = simpleSplit(text, BOLD, size, width)
        widest = max(pdfmetrics.stringWidth(line, BOLD, size) for line in lines)
        if (len(lines) * size * 1.12 <= height and widest <= width) or size <= 16:
            return size, lines
        size -= 1


def _write(
    canvas: Canvas, text: str, *, x: float, y: float, size: float, font: str = REGULAR, colour: Color = INK
) -> None:
    canvas.setFillColor(colour)
    canvas.setFont(font, size)
    canvas.drawString(x, y, text)
