"""The quarterly report as a PDF says what was published, and screen readers can read it."""

import datetime
import re

import pypdfium2
import pytest

from feedback.models.improvements import Improvement
from figures.snapshots.measures import MEASURES
from tests.support.published import make_published_improvement, make_snapshot

pytestmark = pytest.mark.django_db

PAGE = "/what-women-told-us/reports/2025-Q1.pdf"
ALL = {measure.code: 15 for measure in MEASURES}


@pytest.fixture
def published(southwark):
    return make_snapshot(
        datetime.date(2025, 1, 1), LONDON={**ALL, "requests": 1235}, AS={**ALL, "walks_held": None, "concerns": 95}
    )


def text_of(client):
    document = pypdfium2.PdfDocument(client.get(PAGE).content)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def test_report_has_london_and_each_bcu(client, published):
    text = re.sub(r"\s+", " ", text_of(client))

    assert "January to March 2025" in text
    assert "1,235 Requests for a walk" in text
    assert "Typical wait for a walk, days" in text
    assert re.search(r"Central South 15 – 15 15 95 15 15 15 15", text)
    assert "Data: http" in text
    assert "Quarter before" not in text


def test_report_compares_with_the_quarter_before_if_that_was_published(client, published, southwark):
    make_snapshot(datetime.date(2024, 10, 1), LONDON={**ALL, "requests": 1195, "walks_held": None})

    text = re.sub(r"\s+", " ", text_of(client))

    assert "1,235 Requests for a walk Quarter before: 1,195" in text
    assert text.count("Quarter before") == 3


def test_report_has_what_was_done_in_the_quarter_alone(client, published, southwark, inspector, lead):
    written = {"lead": lead, "words_by": inspector}
    for month, words in ((2, "The lamps work again."), (5, "The hedge is cut."), (3, "Our secret.")):
        done = datetime.date(2025, month, 10)
        make_published_improvement(southwark, public_words=words, done_date=done, **written)
    Improvement.objects.filter(public_words="Our secret.").update(approved_by=None, approved_at=None)

    text = text_of(client)

    assert [words for words in ("The lamps work again.", "The hedge is cut.", "Our secret.") if words in text] == [
        "The lamps work again."
    ]


def test_report_is_tagged_and_says_its_title_and_language(client, published):
    content = client.get(PAGE).content

    assert [mark for mark in (b"pdfuaid", b"/StructTreeRoot", b"/Lang(en-GB)") if mark not in content] == []
    assert pypdfium2.PdfDocument(content).get_metadata_dict()["Title"] == "What women in London told us"


def test_same_report_is_the_same_bytes_and_is_kept(client, published):
    first = client.get(PAGE)

    assert client.get(PAGE).content == first.content
    assert client.get(PAGE, headers={"if-none-match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize("code", ["2025-Q2", "2025-Q9", "latest"])
def test_unknown_quarter_is_not_found(client, published, code):
    assert client.get(f"/what-women-told-us/reports/{code}.pdf").status_code == 404


@pytest.mark.parametrize("odd", ["🙂", "中", "\x07", "￾", "ع"])
def test_no_character_stops_the_report(client, published, southwark, lead, inspector, odd):
    """Our font lacks it, and PDF/UA-1 forbids a document with a character that can't be drawn."""
    done = {"done_date": datetime.date(2025, 2, 10), "words_by": inspector}
    make_published_improvement(
        southwark, lead=lead, public_words=f"The lamps work. {odd} Zoë’s café – “50 £” – ł", **done
    )

    assert "The lamps work. ? Zoë’s café – “50 £” – ł" in re.sub(r"\s+", " ", text_of(client))
