"""Helpers that other tests rely on: clicks hit the text of a link, and covered controls are found."""

import pytest

from tests.support.browser.visitor import COVERED_CONTROLS, click_first_line

# A link on two lines, whose middle is next to its text in every font.
WRAPPING_LINK = """
<style>p { width: 200px; line-height: 40px } b { display: inline-block; width: 50px }</style>
<p><b style="width: 140px">Then</b><a href="#there"><b>look</b> <b>here</b></a></p>
"""
FREE_INPUT = "<label>Name <input name='name'></label>"
COVER = "<div style='position: fixed; inset: 0'></div>"


@pytest.fixture
def page(chromium):
    page = chromium.new_page()
    yield page
    page.close()


def test_link_that_wraps_is_clicked_on_its_first_line(page):
    page.set_content(WRAPPING_LINK)
    box = page.locator("a").bounding_box()
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]

    click_first_line(page.locator("a"))

    assert page.url.endswith("#there")
    assert page.evaluate("([x, y]) => document.elementFromPoint(x, y).closest('a')", middle) is None


@pytest.mark.parametrize(("over", "count"), [("", 0), (COVER, 1)], ids=["free", "covered"])
def test_covered_control_is_found(page, over, count):
    page.set_content(FREE_INPUT + over)

    assert len(page.evaluate(COVERED_CONTROLS)) == count
