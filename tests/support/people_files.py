"""Files of people, as administrators upload them."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

HEADERS = ["Email", "Name", "Rank", "Shoulder number", "BCU", "Role", "Leads walks"]


def good_rows(count=25, *, bcu="AS", leads_walks="no"):
    """Return the cells of officers who are new here."""
    return [
        [f"new{n}@example.com", f"Nia New{n}", "PC", f"{n + 200}{bcu}", bcu, "officer", leads_walks]
        for n in range(1, count + 1)
    ]


def as_csv(rows, headers=HEADERS):
    text = io.StringIO()
    csv.writer(text).writerows([headers, *rows])
    return text.getvalue().encode()


def as_xlsx(rows, headers=HEADERS):
    book, content = Workbook(), io.BytesIO()
    for row in [headers, *rows]:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


def upload(client, content, name="people.csv"):
    """Upload the file, and return the page with the difference or the form's mistakes."""
    return client.post("/staff/people/import/", {"file": SimpleUploadedFile(name, content)}, follow=True)


def confirm(client, page, **answers):
    """Press the button of that page, with a reason."""
    seen = page.context["form"]["seen"].value()
    data = {"seen": seen, "reason": "New team in Southwark", **answers}
    return client.post("/staff/people/import/check/", data, follow=True)


def refused_lines(page):
    """Return the sentences of each refused line, by its number."""
    return {row.line: " ".join(row.errors) for row in page.context["plan"].refused}
