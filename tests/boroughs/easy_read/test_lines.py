"""Each line is short, and has a picture of our own."""

import re
from itertools import chain

import pytest
from django.conf import settings

from boroughs.easy_read.pages import PAGES
from tests.support.reading_age import Reading, sentences_of_message

pytestmark = pytest.mark.django_db

MOST_WORDS = 15
MOST_LINES_IN_A_SECTION = 6
LARGEST_PICTURE = 3000  # bytes
EASIEST = 8.0  # younger than an eight-year-old; other pages may need a nine-year-old
PICTURES = settings.BASE_DIR / "static" / "easy-read"
OF_THE_INDEX = {"easy-read", "hard-words", "read-together"}


def lines_of(page):
    return list(chain.from_iterable(section.lines for section in page.sections))


@pytest.mark.parametrize("slug", PAGES)
def test_page_is_short_and_so_are_its_lines(slug):
    lines = lines_of(PAGES[slug])

    assert 10 <= len(lines) <= 21
    assert [line.text for line in lines if len(line.text.split()) > MOST_WORDS] == []
    assert max(len(section.lines) for section in PAGES[slug].sections) <= MOST_LINES_IN_A_SECTION


@pytest.mark.parametrize("slug", PAGES)
def test_lines_are_much_easier_than_other_pages(slug):
    lines = "\n".join(line.text.replace("**", "") for line in lines_of(PAGES[slug]))

    reading = Reading(sentences_of_message(lines))

    assert reading.word_count > 80
    assert max(reading.ages) < EASIEST, reading


@pytest.mark.parametrize("slug", PAGES)
def test_each_hard_word_is_closed(slug):
    assert [line.text for line in lines_of(PAGES[slug]) if line.text.count("**") % 2] == []


def test_every_line_has_a_picture_and_every_picture_a_line():
    used = {line.picture for page in PAGES.values() for line in lines_of(page)}

    drawn = {path.stem for path in PICTURES.iterdir()}

    assert used | {page.picture for page in PAGES.values()} | OF_THE_INDEX == drawn
    assert len(drawn) > 50


@pytest.mark.parametrize("path", sorted(PICTURES.glob("*.svg")), ids=lambda path: path.stem)
def test_picture_is_small_and_has_no_text_style_or_foreign_part(path):
    drawing = path.read_text()

    assert path.stat().st_size < LARGEST_PICTURE
    assert 'viewBox="0 0 120 120"' in drawing
    assert not re.search(r"<text|<image|<script|style=|href=|url\((?!#)", drawing)
