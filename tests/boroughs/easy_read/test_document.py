"""The PDF of an Easy Read page says the same lines in the same order, and screen readers can read it."""

import re

import pypdfium2
import pytest

from boroughs.easy_read.pages import PAGES
from boroughs.models.texts import Statement
from walkandtalk.lib.local_cache import local_cache

pytestmark = pytest.mark.django_db


def get_document(client, slug):
    response = client.get(f"/easy-read/{slug}/easy-read.pdf")
    assert response["Content-Type"] == "application/pdf"
    return response.content


def sheets_of(pdf):
    """Return the text of each page, on one line."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [re.sub(r"\s+", " ", page.get_textpage().get_text_range()) for page in document]


@pytest.mark.parametrize("slug", PAGES)
def test_document_has_each_section_on_one_sheet_and_the_page_says_how_many(slug, client):
    sheets = sheets_of(get_document(client, slug))

    for section in PAGES[slug].sections:
        said = " ".join([section.heading, *(line.text.replace("**", "") for line in section.lines)])
        assert len([sheet for sheet in sheets if said in sheet]) == 1
    assert len(sheets) == 4
    assert client.get(f"/easy-read/{slug}/").text.count("Print this (PDF, 4 pages)") == 2


@pytest.mark.parametrize(
    "sentence", ["Short. ", "Cameras film us and you. ", "Cameras film us and whoever else is there, " * 3]
)
def test_number_of_pages_is_true_of_words_of_administrators(sentence, client):
    for code in Statement.Code.values:
        Statement.objects.create(code=code, text=(sentence * 300)[:300].strip())
    local_cache.clear()

    sheets = sheets_of(get_document(client, "what-you-say"))

    assert f"PDF, {len(sheets)} pages" in client.get("/easy-read/what-you-say/").text
    assert " ".join(sheets).count(sentence.split(".")[0]) > len(Statement.Code.values)


def test_each_sheet_says_who_runs_the_service_how_to_call_and_which_page_it_is(client, settings):
    settings.PUBLIC_URL = "https://walk.example.com"

    sheets = sheets_of(get_document(client, "staying-safe"))

    assert "Easy Read Staying safe" in sheets[0]
    for number, sheet in enumerate(sheets, start=1):
        assert "Run by the Metropolitan Police Service" in sheet
        assert "Call 020 7946 0100" in sheet
        assert "walk.example.com/easy-read/staying-safe" in sheet
        assert f"Page {number} of {len(sheets)}" in sheet


@pytest.mark.parametrize("slug", PAGES)
def test_document_is_accessible_a4(slug, client):
    pdf = get_document(client, slug)

    with pypdfium2.PdfDocument(pdf) as document:
        about = document.get_metadata_dict()
        sizes = {tuple(round(side) for side in page.get_size()) for page in document}
    assert about["Title"] == PAGES[slug].title
    assert about["Author"] == "Walk and Talk"
    assert sizes == {(595, 842)}
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert re.search(rb"/Lang ?\(en-GB\)", pdf)
    assert re.search(rb"/Marked ?true", pdf)


def test_document_follows_the_settings_and_is_otherwise_the_same_bytes(client, settings):
    first = get_document(client, "what-you-say")
    again = get_document(client, "what-you-say")
    settings.KEEP_CONCERNS_YEARS = 5

    changed = " ".join(sheets_of(get_document(client, "what-you-say")))

    assert first == again
    assert "We keep what worried you for 5 years." in changed
