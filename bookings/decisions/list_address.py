"""The tab and filters of the queue in the address, which every link and form keeps: codes, nothing personal."""

import re
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

FILTERS = ("borough", "ward", "time", "needs", "delivery_problems", "unread")
"""The filters of the queue besides its tab, by their names in the address."""

CODE = re.compile(r"[A-Za-z0-9_]{1,30}")


def list_query(request: HttpRequest) -> str:
    """Return the part of the address that says from which list the reader came, like "?state=ready", or ""."""
    kept = {name: request.GET.get(name, "") for name in ("state", *FILTERS)}
    codes = {name: code for name, code in kept.items() if CODE.fullmatch(code)}
    return f"?{urlencode(codes)}" if "state" in codes else ""


def keep_list(request: HttpRequest) -> dict[str, str]:
    """Add `list_query` to the context of each page, for its links and forms."""
    return {"list_query": list_query(request)}


def address_in_list(request: HttpRequest, name: str, *args: object) -> str:
    """Return the address of this page, with the list from which the reader came."""
    return f"{reverse(name, args=args)}{list_query(request)}"
