"""A file of lines needs a reason, is safe to open, and is itself logged."""

import csv
import io

import pytest

from accounts.models import SecurityEvent, SecurityEventKind
from audit.downloads import actions, views
from tests.support.factories import BookingFactory, InspectorFactory
from tests.support.looks import look

pytestmark = pytest.mark.django_db
LOOKS = "/staff/audit/download/looks/"


def download(client, address=LOOKS, reason="Complaint 12 of 2026"):
    response = client.post(address, {"reason": reason})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return response, list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("who", ["inspector", "officer", "lead", "administrator"])
def test_nobody_else_gets_a_file(request, client, who):
    client.force_login(request.getfixturevalue(who))

    answers = {client.get(LOOKS).status_code, client.post(LOOKS, {"reason": "x"}).status_code}

    assert answers == {403}
    assert not SecurityEvent.objects.filter(kind=SecurityEventKind.LOG_EXPORTED).exists()


def test_file_has_the_lines_of_the_page_and_is_logged_with_its_reason(as_auditor, auditor, inspector, booking):
    look(inspector, booking)
    look(inspector, BookingFactory(borough=booking.borough))

    response, rows = download(as_auditor, f"{LOOKS}?booking={booking.pk}")

    assert response.headers["Content-Type"].startswith("text/csv")
    assert response.headers["Content-Disposition"].startswith('attachment; filename="audit-looks-')
    assert "no-store" in response.headers["Cache-Control"]
    assert [(row["Person"], row["About"], row["Remarks"]) for row in rows] == [
        (inspector.display_name, f"Booking {booking.spoken_reference}", "Not assigned to them")
    ]
    event = SecurityEvent.objects.get()
    assert (event.kind, event.officer, event.count) == (SecurityEventKind.LOG_EXPORTED, auditor, 1)
    assert event.reason == "Complaint 12 of 2026"


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201, "one\ntwo"])
def test_reason_is_one_line(as_auditor, booking, inspector, reason):
    look(inspector, booking)

    response = as_auditor.post(LOOKS, {"reason": reason})

    assert response.status_code == 422
    assert not SecurityEvent.objects.exists()


def test_get_gives_no_file(as_auditor):
    response = as_auditor.get(LOOKS)

    assert "Why do you need a file?" in response.text
    assert not SecurityEvent.objects.exists()


def test_cell_that_a_spreadsheet_would_calculate_is_text(as_auditor, bcu, booking):
    look(InspectorFactory(bcu=bcu, name="Iris", rank="pc", shoulder_number=""), booking)
    bcu.name = "=HYPERLINK(1)"
    bcu.save()

    _response, rows = download(as_auditor)

    assert [row["Team"] for row in rows] == ["'=HYPERLINK(1)"]


def test_long_list_is_cut_and_the_page_says_so(as_auditor, inspector, booking, monkeypatch):
    monkeypatch.setattr(actions, "MOST_LINES", 3)
    monkeypatch.setattr(views, "MOST_LINES", 3)
    for _ in range(5):
        look(inspector, booking)

    page = as_auditor.get(LOOKS).text
    _response, rows = download(as_auditor)

    assert "the file ends after the newest 3" in page
    assert (len(rows), SecurityEvent.objects.get().count) == (3, 3)


def test_file_of_many_lines_is_written_in_pieces(as_auditor, inspector, booking, monkeypatch):
    monkeypatch.setattr("audit.listings.CHUNK_SIZE", 2)
    for _ in range(5):
        look(inspector, booking)

    _response, rows = download(as_auditor)

    assert len(rows) == 5


@pytest.mark.parametrize("code", ["unusual", "credentials", "administration"])
def test_every_kind_of_report_has_a_file(as_auditor, code):
    _response, rows = download(as_auditor, f"/staff/audit/download/{code}/?period=28")

    assert rows == []


def test_unknown_list_is_not_found(as_auditor):
    assert as_auditor.get("/staff/audit/download/nothing/").status_code == 404
