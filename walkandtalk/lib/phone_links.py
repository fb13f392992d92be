"""Turn the telephone numbers in our own texts into links that call them."""

import re

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

# A link or tag stays as it is. Text relay puts 18001 before a number. The short numbers are those to call for help.
PART = re.compile(r"<a\b.*?</a>|<[^>]*>|(?<![\w/+])(?:18001 )?(?:\+?\d[\d ]{8,16}\d|101|999)(?![\w/])", re.DOTALL)


def call_url(number: str) -> str:
    return f"tel:{''.join(sign for sign in number if sign.isdigit() or sign == '+')}"


def link_numbers(text: str) -> SafeString:
    """Return the text with its numbers as links. Never pass text that someone typed: it may mean no number."""
    return mark_safe(PART.sub(_link, conditional_escape(text)))  # noqa: S308  # escaped, and only links are added


def _link(found: re.Match[str]) -> str:
    part = found[0]
    if part.startswith("<"):
        return part
    return format_html('<a class="govuk-link number" href="tel:{}">{}</a>', part.replace(" ", ""), part)
