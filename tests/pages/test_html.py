"""Pages that a plain request does not show are valid HTML and easy to read too. The others: test_every_address.py.

`make html` checks all of them with the Nu validator, which finds far more and needs Java.
"""

import pytest

from tests.support.page_faults import html_faults
from tests.support.reading_texts import faults_of, no_faults, texts_of_special_pages
from tests.support.special_pages import special_pages

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def pages(module_world):
    return special_pages(module_world)


def test_every_special_page_is_valid_html(pages):
    faults = {what: html_faults(html) for what, html in pages.items()}

    assert len(faults) > 60
    assert {what: wrong for what, wrong in faults.items() if wrong} == {}


def test_every_special_page_is_easy_to_read(pages):
    assert faults_of(texts_of_special_pages(pages)) == no_faults()
