"""One drawing each for the street and the mark: pages, posters, pictures of links and icons are made from them."""

from io import BytesIO

import pytest
from django.conf import settings
from PIL import Image

from boroughs.management.commands.draw_icons import draw_icons
from boroughs.public_pages.drawings import MARK, STREET, read_drawing


@pytest.mark.parametrize("path", [STREET, MARK], ids=["street", "mark"])
def test_drawing_is_filled_outlines_that_a_poster_can_draw(path):
    drawing = read_drawing(path)

    assert len(drawing.shapes) >= 3
    for shape in drawing.shapes:
        assert len(shape.points) >= 4
        assert all(0 <= x <= drawing.width and 0 <= y <= drawing.height + 10 for x, y in shape.points)


def test_unknown_part_of_svg_is_refused(tmp_path):
    path = tmp_path / "line.svg"
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><line fill="#fff"/></svg>')

    with pytest.raises(KeyError):
        read_drawing(path)


@pytest.mark.parametrize("name", ["favicon.ico", "apple-touch-icon.png"])
def test_committed_icon_is_drawn_from_the_mark(name):
    committed, drawn = ((settings.BASE_DIR / "static" / name).read_bytes(), draw_icons()[name])

    pixels = [Image.open(BytesIO(content)).convert("RGBA").tobytes() for content in (committed, drawn)]

    assert pixels[0] == pixels[1], "run manage.py draw_icons"
