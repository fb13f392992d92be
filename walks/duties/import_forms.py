"""Import duties pasted as CSV: each line is checked and shown before anything is saved."""

import csv
import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError

from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.govuk.layout import LayoutObject, Question
from walks.duties.entries import DutyEntry
from walks.duties.forms import AHEAD, DutyTimesField, SaveAnywayForm
from walks.planning.availability import DAY
from walks.statuses import DutyKind

MAX_LINES = 2000
DATES = ("%Y-%m-%d", "%d/%m/%Y")
KINDS_BY_WORD = {"off": DutyKind.OFF, "not on duty": DutyKind.OFF, "leave": DutyKind.LEAVE}
AS_WEEKLY_PATTERN = ("week", "as every week")
KNOWN_WORDS = (*KINDS_BY_WORD, *AS_WEEKLY_PATTERN)


@dataclass(frozen=True)
class ImportLine:
    """One pasted line, with its entry or its error."""

    number: int
    text: str
    entry: DutyEntry | None = None
    error: str = ""


class DutyImportForm(SaveAnywayForm):
    button = "Preview"

    text = forms.CharField(
        label="Paste the lines",
        help_text=(
            "One line for each officer and day: shoulder number, date, then times, “off”, “leave” or “week”, for "
            "the weekly pattern."
        ),
        max_length=100_000,
        widget=forms.Textarea(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Paste at least one line"},
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if text.count("\n") >= MAX_LINES:
            raise ValidationError(f"Paste {MAX_LINES:,} lines or fewer at a time")
        return text

    def lines(self, officers: Iterable[Officer]) -> list[ImportLine]:
        return read_lines(self.cleaned_data["text"], officers)

    def question(self) -> LayoutObject:
        return Question("text", rows=12)


def read_lines(text: str, officers: Iterable[Officer]) -> list[ImportLine]:
    """Read the duties of these officers. Skip a heading on the first line, and empty lines."""
    by_number = {officer.shoulder_number: officer for officer in officers if officer.shoulder_number}
    imported_days: set[tuple[int, datetime.date]] = set()
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip(" ,;\t") or (number == 1 and "date" in line.lower()):
            continue
        try:
            entry = _read(line, by_number)
            if (entry.officer.pk, entry.date) in imported_days:
                raise ValidationError("An earlier line has the same officer and day.")
        except ValidationError as error:
            lines.append(ImportLine(number, line, error=error.messages[0]))
        else:
            imported_days.add((entry.officer.pk, entry.date))
            lines.append(ImportLine(number, line, entry=entry))
    return lines


def _read(line: str, by_number: dict[str, Officer]) -> DutyEntry:
    cells = _cells(line)
    if len(cells) != 3:
        raise ValidationError("A line needs three parts: shoulder number, date, and times or a word.")
    shoulder, date, duty = cells
    officer = by_number.get(shoulder.replace(" ", "").upper())
    if officer is None:
        raise ValidationError(f"No officer of this team has the shoulder number “{shoulder[:20]}”.")
    kind, times = _kind_and_times(duty)
    return DutyEntry(officer=officer, date=_date(date), kind=kind, times=times)


def _cells(line: str) -> list[str]:
    """Split a line at commas, or at tabs, which spreadsheets write when cells are copied."""
    try:
        (cells,) = csv.reader([line], delimiter="\t" if "\t" in line else ",", strict=True)
    except (csv.Error, ValueError):
        raise ValidationError("The quotation marks on this line don’t match.") from None
    return [cell.strip() for cell in cells]


def _date(text: str) -> datetime.date:
    for form in DATES:
        try:
            date = datetime.datetime.strptime(text, form).date()  # noqa: DTZ007  # a day, not a moment
        except ValueError:
            continue
        if not london.today() - DAY <= date <= london.today() + AHEAD:
            raise ValidationError("The date must be from yesterday to a year from now.")
        return date
    raise ValidationError(f"“{text[:20]}” isn’t a date. Write it like 2027-03-27 or 27/03/2027.")


def _kind_and_times(text: str) -> tuple[DutyKind | None, "tuple[datetime.time, datetime.time] | None"]:
    word = text.lower()
    if word in AS_WEEKLY_PATTERN:
        return None, None
    if word in KINDS_BY_WORD:
        return KINDS_BY_WORD[word], None
    if not any(character.isdigit() for character in text):
        words = ", ".join(f"“{known}”" for known in KNOWN_WORDS)
        raise ValidationError(f"We don’t know the word “{text[:20]}”. Write times, like 7am to 3pm, or one of {words}.")
    times = DutyTimesField(label="The third part").clean(text)
    return DutyKind.ON, times
