"""Data for search engines (schema.org) in the head of a page."""

import json
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# So that no name can end the element, or begin a comment in it.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def json_ld(description: dict[str, Any]) -> SafeString:
    """Return the element with this description. Our CSP allows this, because it is data and not a script."""
    data = mark_safe(json.dumps(description, ensure_ascii=False).translate(_ESCAPES))  # noqa: S308  # escaped for a script
    return format_html('<script type="application/ld+json">{}</script>', data)
