import csv
import io

import pytest

from walkandtalk.lib.csv_cells import safe_cell


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+44 20", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", '=HYPERLINK("https://example.com")'],
)
def test_text_that_a_spreadsheet_would_calculate_gets_a_quote(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "PC Olive Onit, 123AS", "a=b", "K7QX-M2PD-9TRWE", "'=1"])
def test_other_text_stays_as_it_is(text):
    assert safe_cell(text) == text


def test_cell_keeps_its_quote_in_a_file():
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerow([safe_cell('=A1,"B"')])

    assert next(csv.reader([written.getvalue().strip()])) == ['\'=A1,"B"']
