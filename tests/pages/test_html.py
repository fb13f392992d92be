"""Pages that a plain request does not show are valid HTML too. The others are in test_every_address.py.

`make html` checks all of them with the Nu validator, which finds far more and needs Java.
"""

import pytest

from tests.support.page_faults import html_faults
from tests.support.special_pages import special_pages


@pytest.mark.django_db
def test_every_special_page_is_valid_html(world):
    pages = special_pages(world)

    faults = {what: html_faults(html) for what, html in pages.items()}

    assert len(faults) > 60
    assert {what: wrong for what, wrong in faults.items() if wrong} == {}
