"""Draws the picture of a shared link: our name, one sentence, and a street at night."""

from functools import cache, lru_cache
from io import BytesIO

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

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
    _draw_lamp(picture, x=1010)
    draw = ImageDraw.Draw(picture)
    _draw_walkers(draw, x=1010, ground=HEIGHT)
    _draw_mark(draw, x=MARGIN, y=64, side=76)
    _write(draw, _("Walk and Talk"), x=MARGIN + 104, y=72, size=52)
    size, lines = _fit_text(share_description(where), width=720, height=340)
    for n, line in enumerate(lines):
        _write(draw, line, x=MARGIN, y=196 + n * size * 1.18, size=size)
    _write(draw, _("Free. No account needed."), x=MARGIN, y=HEIGHT - 82, size=34, colour=LAMP)
    small = picture.reduce(SUPERSAMPLING).quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    file = BytesIO()
    small.save(file, "PNG")
    return file.getvalue()


def _draw_lamp(picture: Image.Image, *, x: int) -> None:
    """Draw a lamp and the light it casts on the ground."""
    top = 150
    for spread, strength in ((190, 0.10), (140, 0.14), (90, 0.20)):
        light = Image.new("L", picture.size)
        corners = [(x - 20, top), (x + 20, top), (x + spread, HEIGHT), (x - spread, HEIGHT)]
        ImageDraw.Draw(light).polygon(_scale_points(*corners), fill=round(255 * strength))
        picture.paste(LAMP, (0, 0), light)
    draw = ImageDraw.Draw(picture)
    draw.ellipse(_scale_points((x - 20, top - 20), (x + 20, top + 20)), fill=LAMP)
    draw.rounded_rectangle(_scale_points((x - 34, top - 36), (x + 34, top - 22)), 7 * SUPERSAMPLING, fill=WHITE)


def _draw_walkers(draw: ImageDraw.ImageDraw, *, x: int, ground: int) -> None:
    """Draw three people side by side, two of them in uniform hats."""
    for offset, height, colour, has_hat in ((-88, 168, WHITE, True), (0, 154, LAMP, False), (88, 164, WHITE, True)):
        middle, head = x + offset, ground - height
        body = _scale_points((middle - 34, head + 34), (middle + 34, ground + 60))
        draw.rounded_rectangle(body, 34 * SUPERSAMPLING, fill=colour)
        draw.ellipse(_scale_points((middle - 25, head - 25), (middle + 25, head + 25)), fill=colour)
        if has_hat:
            draw.rectangle(_scale_points((middle - 30, head - 20), (middle + 30, head - 4)), fill=NIGHT)
            draw.rounded_rectangle(
                _scale_points((middle - 36, head - 16), (middle + 36, head - 8)), 4 * SUPERSAMPLING, fill=colour
            )
            draw.rounded_rectangle(
                _scale_points((middle - 23, head - 36), (middle + 23, head - 9)), 12 * SUPERSAMPLING, fill=colour
            )


def _draw_mark(draw: ImageDraw.ImageDraw, *, x: float, y: float, side: float) -> None:
    """Draw two speech bubbles, as in static/icon.svg."""
    back = _scale_points((x, y), (x + side * 0.78, y + side * 0.6))
    front = _scale_points((x + side * 0.36, y + side * 0.4), (x + side * 1.08, y + side * 0.92))
    draw.rounded_rectangle(back, side * 0.13 * SUPERSAMPLING, fill=WHITE)
    draw.rounded_rectangle(front, side * 0.13 * SUPERSAMPLING, fill=LAMP)


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


def _scale_points(*points: tuple[float, float]) -> list[tuple[float, float]]:
    return [(x * SUPERSAMPLING, y * SUPERSAMPLING) for x, y in points]
