"""Makes the committed icons `static/favicon.ico` and `static/apple-touch-icon.png` from `static/icon.svg`."""

from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from PIL import Image, ImageDraw

from boroughs.public_pages.drawings import MARK, read_drawing

FAVICON_SIDES = [(16, 16), (32, 32), (48, 48)]
TOUCH_ICON_SIDE = 180
SUPERSAMPLING = 8
"""Drawn this many times larger and then reduced, so that edges are smooth."""


class Command(BaseCommand):
    help = "Draw the icons again, from static/icon.svg. Only maintainers need it."

    def handle(self, **options: Any) -> None:
        for name, content in draw_icons().items():
            Path(settings.BASE_DIR / "static" / name).write_bytes(content)
            self.stdout.write(f"static/{name}: {len(content)} bytes")


def draw_icons() -> dict[str, bytes]:
    """Return the content of each file by its name."""
    favicon, touch_icon = BytesIO(), BytesIO()
    _draw(max(FAVICON_SIDES)[0]).save(favicon, "ICO", sizes=FAVICON_SIDES, bitmap_format="png")
    _on_its_own_ground(_draw(TOUCH_ICON_SIDE)).save(touch_icon, "PNG", optimize=True)
    return {"favicon.ico": favicon.getvalue(), "apple-touch-icon.png": touch_icon.getvalue()}


def _draw(side: int) -> Image.Image:
    mark = read_drawing(MARK)
    large = Image.new("RGBA", (side * SUPERSAMPLING, side * SUPERSAMPLING))
    for shape in mark.shapes:
        outline = shape.placed(x=0, y=0, scale=side * SUPERSAMPLING / mark.width)
        ImageDraw.Draw(large).polygon(outline, fill=shape.colour)
    return large.resize((side, side), Image.Resampling.BOX)


def _on_its_own_ground(icon: Image.Image) -> Image.Image:
    """Fill the transparent corners, because phones round icons themselves."""
    ground = Image.new("RGBA", icon.size, read_drawing(MARK).shapes[0].colour)
    return Image.alpha_composite(ground, icon).convert("RGB")
