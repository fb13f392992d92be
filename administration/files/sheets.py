"""The cells of an uploaded file, with the line of each row. A file is only ever read in memory."""

import csv
import io
import zipfile
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from import_export.formats.base_formats import CSV, XLSX
from openpyxl import load_workbook
from tablib import Dataset

from walkandtalk.lib.csv_cells import FORMULA_STARTS

MOST_BYTES = 1024 * 1024
MOST_ROWS = 100
MOST_COLUMNS = 30
LONGEST_CELL = 254  # an email address
MOST_UNPACKED = 20 * 1024 * 1024
"""An XLSX file is a ZIP archive. A small one could unpack to more than the memory of the machine."""

LINE = "line"
COLUMNS = (
    *("email", "name", "rank", "acting", "shoulder_number", "bcu", "ward"),
    *("role", "leads_walks", "signs_bsl", "languages", "can_sign_in"),
)
OTHER_NAMES = {"work_email": "email", "email_address": "email", "signs_british_sign_language": "signs_bsl"}

UNREADABLE = "We can’t read this file. Save it as CSV or XLSX, then upload it again."
TOO_LARGE = "Upload a file of 1 MB or less."
TOO_MANY_ROWS = f"Upload at most {MOST_ROWS} lines at a time."
TOO_MANY_COLUMNS = f"Upload a file of at most {MOST_COLUMNS} columns."

Cells = list[str]


class CommaSeparated(CSV):
    def create_dataset(self, in_stream: bytes, **_kwargs: object) -> Dataset:
        return _dataset(self._rows(in_stream))

    def _rows(self, content: bytes) -> Iterator[Cells]:
        text = _decode(content)
        first_line = text.partition("\n")[0]
        separator = max(",;\t", key=first_line.count)
        try:
            for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
                yield [cell.strip() for cell in cells]
        except csv.Error as error:
            raise ValidationError("The quotation marks in this file don’t match.") from error


class Workbook(XLSX):
    """The first sheet. A formula is shown as it was typed, so that the checks of cells refuse it."""

    def create_dataset(self, in_stream: bytes) -> Dataset:
        try:
            with zipfile.ZipFile(io.BytesIO(in_stream)) as archive:
                unpacked = sum(part.file_size for part in archive.infolist())
            if unpacked > MOST_UNPACKED:
                raise ValidationError("This file unpacks to far more than a list of people. Save it as CSV.")
            return _dataset(self._rows(in_stream))
        except ValidationError:
            raise
        except Exception as error:  # a broken file fails anywhere inside of openpyxl
            raise ValidationError(UNREADABLE) from error

    def _rows(self, content: bytes) -> Iterator[Cells]:
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        # What a file says of its own size may be wrong, so these limits hold whatever it says.
        limits = {"max_row": MOST_ROWS + 2, "max_col": MOST_COLUMNS + 1}
        for row in book.worksheets[0].iter_rows(**limits, values_only=True):
            yield [_text(value) for value in row]


FORMATS = {b"PK": Workbook}


def read_sheet(content: bytes) -> Dataset:
    """Return the rows of a CSV or XLSX file, with the columns that we know and the line of each.

    Raise ValidationError with what to correct, if it isn't a list of people at all. Empty lines are left out.
    """
    if len(content) > MOST_BYTES:
        raise ValidationError(TOO_LARGE)
    form = FORMATS.get(content[:2], CommaSeparated)()
    return form.create_dataset(content)


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):  # Excel for Windows writes the second, unless it is asked for UTF-8
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ValidationError(UNREADABLE)


def _text(value: object) -> str:
    """Return a cell as people see it: 7 and not 7.0."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _dataset(rows: Iterator[Cells]) -> Dataset:
    headers = _columns(next(rows, []))
    dataset = Dataset(headers=[LINE, *headers])
    for line, cells in enumerate(rows, 2):
        if not any(cells):
            continue
        if line > MOST_ROWS + 1:
            raise ValidationError(TOO_MANY_ROWS)
        filled = [*cells, *[""] * len(headers)][: max(len(headers), len(cells))]
        if any(filled[len(headers) :]):
            raise ValidationError(f"Line {line} has more cells than the first line has columns.")
        dataset.append([line, *filled[: len(headers)]])
    if not len(dataset):
        raise ValidationError("This file has no lines below the names of its columns.")
    return dataset


def _columns(cells: Cells) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    if len(cells) > MOST_COLUMNS:
        raise ValidationError(TOO_MANY_COLUMNS)
    names = ["_".join(cell.lower().replace("_", " ").split()) for cell in cells]
    columns = [OTHER_NAMES.get(name, name) for name in names]
    known = ", ".join(COLUMNS)
    for column, cell in zip(columns, cells, strict=True):
        if column not in COLUMNS:
            raise ValidationError(f"We don’t know the column “{cell[:30]}”. The columns are: {known}.")
        if columns.count(column) > 1:
            raise ValidationError(f"The column “{column}” is there twice. Keep one.")
    if "email" not in columns:
        raise ValidationError(f"Name the columns in the first line, and “email” among them. The columns are: {known}.")
    return columns


def error_of_cell(text: str) -> str:
    """Return why this text can't be anyone's, or an empty text."""
    start = text.lstrip("' ")
    if start.startswith(FORMULA_STARTS):
        return f"Enter a value, not a formula. A cell must not begin with “{start[0]}”."
    if len(text) > LONGEST_CELL:
        return f"Enter at most {LONGEST_CELL} characters in a cell."
    if not text.isprintable():
        return "Enter the text of each cell in one line."
    return ""
