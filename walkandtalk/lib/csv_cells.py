"""Cells of CSV files that a spreadsheet opens as text."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet reads a cell that begins with one of these as a formula, which could send the file elsewhere.

https://owasp.org/www-community/attacks/CSV_Injection
"""


def safe_cell(text: str) -> str:
    """Return the text, with a quote before it if a spreadsheet would take it for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text
