"""Draws the picture of a shared link: our name, one sentence, and a street at night."""

from functools import cache, lru_cache
from io import BytesIO

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

from boroughs.public_pages.drawings import MARK, STREET, Drawing, read_drawing
from boroughs.public_pages.sharing import HEIGHT, WIDTH, share_description

NIGHT, LAMP, WHITE = (18, 69, 79), (242, 184, 75), (255, 255, 255)
MARGIN = 72
SUPERSAMPLING = 2  # drawn this many times larger and then reduced, so that edges are smooth
COLOURS = 64
CACHE_SIZE = 64


def render_share_image(where: str = "") -> bytes:
    """Return a PNG with the same bytes every time. `where` is the area, if the link is to an area's page."""
    return _render(where, get_language() or settings.LANGUAGE_CODE)


@lru_cache(maxsize=CACHE_SIZE)
def _render(where: str, language: str) -> bytes:
    """Draw the picture. `language` is only used to cache one picture for each language."""
    picture = Image.new("RGB", (WIDTH * SUPERSAMPLING, HEIGHT * SUPERSAMPLING), NIGHT)
    street, mark = read_drawing(STREET), read_drawing(MARK)
    _draw(picture, street, x=740, y=HEIGHT - 1.2 * street.height, scale=1.2)
    _draw(picture, mark, x=MARGIN - 8, y=56, scale=100 / mark.width)
    draw = ImageDraw.Draw(picture)
    _write(draw, _("Walk and Talk"), x=MARGIN + 104, y=72, size=52)
    size, lines = _fit_text(share_description(where), width=720, height=340)
    for n, line in enumerate(lines):
        _write(draw, line, x=MARGIN, y=196 + n * size * 1.18, size=size)
    _write(draw, _("Free. No account needed."), x=MARGIN, y=HEIGHT - 82, size=34, colour=LAMP)
    small = picture.reduce(SUPERSAMPLING).quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    file = BytesIO()
    small.save(file, "PNG")
    return file.getvalue()


def _draw(picture: Image.Image, drawing: Drawing, *, x: float, y: float, scale: float) -> None:
    """Draw each shape through a mask, because ImageDraw mixes no colours."""
    for shape in drawing.shapes:
        mask = Image.new("L", picture.size)
        outline = shape.placed(x=x * SUPERSAMPLING, y=y * SUPERSAMPLING, scale=scale * SUPERSAMPLING)
        ImageDraw.Draw(mask).polygon(outline, fill=round(255 * shape.opacity))
        picture.paste(shape.colour, (0, 0), mask)


def _write(
    draw: ImageDraw.ImageDraw, text: str, *, x: float, y: float, size: float, colour: tuple[int, int, int] = WHITE
) -> None:
    draw.text((x * SUPERSAMPLING, y * SUPERSAMPLING), text, font=_font(size), fill=colour)


def _fit_text(text: str, *, width: float, height: float) -> tuple[int, list[str]]:
    """Return the largest size at which the text fits, and its lines at that size."""
    size = 66
    while True:
        lines = _lines(text, size, width)
        widest = max(_length(line, size) for line in lines)
        if (len(lines) * size * 1.18 <= height and widest <= width) or size <= 30:
            return size, lines
        size -= 2


def _lines(text: str, size: float, width: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and _length(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _length(text: str, size: float) -> float:
    return _font(size).getlength(text) / SUPERSAMPLING


@cache
def _font(size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(
        settings.BASE_DIR / "data" / "fonts" / "LiberationSans-Bold.ttf", round(size * SUPERSAMPLING)
    )
