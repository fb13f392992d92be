"""GeoReport v2, the part of Open311 for reports: create one, read one, look one up (wiki.open311.org/GeoReport_v2)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from partners.models.open311 import LONGEST_ID, LONGEST_STATUS, Open311Request
from partners.models.partners import Partner
from partners.open311.connection import Unanswered, exchange

LONGEST_NOTES = 2000
CLOCKS_DIFFER = timedelta(hours=1)


class Refused(Exception):
    """The server said no."""

    def __init__(self, code: int) -> None:
        super().__init__(f"code {code}")
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """The server has it. An id that it gives later is behind the token."""

    service_request_id: str
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class RemoteState:
    """The partner's news of it."""

    status: str
    notes: str


def create(request: Open311Request) -> Accepted:
    """Post it. Our reference is part of the description, so that we can find it again."""
    partner, (lat, lon) = request.partner, request.map_point
    fields = {
        "service_code": request.service_code,
        "lat": f"{lat:.6f}",
        "long": f"{lon:.6f}",
        "description": f"{request.description}\n\nOur reference: {request.reference}",
        **_jurisdiction(partner),
    }
    if partner.api_key:
        fields["api_key"] = partner.api_key
    if partner.lamp_attribute and request.lamp_number:
        fields[f"attribute[{partner.lamp_attribute}]"] = request.lamp_number
    answer = _ask(partner, "POST", "/requests.json", fields)
    return _accepted(answer[0] if answer else {})


def find(request: Open311Request, now: datetime) -> Accepted | None:
    """Look for our reference among what the server has taken since this request was made."""
    fields = {
        "service_code": request.service_code,
        "start_date": _timestamp(request.created_at - CLOCKS_DIFFER),
        "end_date": _timestamp(now + CLOCKS_DIFFER),
        **_jurisdiction(request.partner),
    }
    ours = re.compile(rf"(?<![\w-]){re.escape(request.reference)}(?![\w-])")
    for found in _ask(request.partner, "GET", "/requests.json", fields):
        if ours.search(str(found.get("description") or "")):
            return _accepted(found)
    return None


def read(request: Open311Request) -> RemoteState | None:
    """Return the state of one that has an id, or None if the server doesn't show it."""
    path = f"/requests/{quote(request.service_request_id, safe='')}.json"
    answer = _ask(request.partner, "GET", path, _jurisdiction(request.partner))
    if not answer:
        return None
    status = _text(answer[0].get("status"), LONGEST_STATUS).lower()
    return RemoteState(status=status, notes=_text(answer[0].get("status_notes"), LONGEST_NOTES)) if status else None


def read_token(request: Open311Request) -> str:
    """Return the id for which the server gave a token, or an empty text if there is none yet."""
    path = f"/tokens/{quote(request.token, safe='')}.json"
    answer = _ask(request.partner, "GET", path, _jurisdiction(request.partner))
    return _text(answer[0].get("service_request_id"), LONGEST_ID) if answer else ""


def _ask(partner: Partner, method: str, path: str, fields: dict[str, str]) -> list[dict[str, Any]]:
    """Return the rows of the answer. Raise Refused, or Unanswered for what says neither yes nor no."""
    answer = exchange(method, partner.endpoint, path, fields)
    if 400 <= answer.code < 500:
        raise Refused(answer.code)
    content = answer.content
    if isinstance(content, dict):  # FixMyStreet's server has the list within an object
        content = content.get("service_requests")
    if not 200 <= answer.code < 300 or not isinstance(content, list):
        raise Unanswered(f"code {answer.code}")
    return [row for row in content if isinstance(row, dict)]


def _accepted(row: dict[str, Any]) -> Accepted:
    accepted = Accepted(
        service_request_id=_text(row.get("service_request_id"), LONGEST_ID), token=_text(row.get("token"), LONGEST_ID)
    )
    if not accepted.service_request_id and not accepted.token:
        raise Unanswered("no id")
    return accepted


def _jurisdiction(partner: Partner) -> dict[str, str]:
    return {"jurisdiction_id": partner.jurisdiction_id} if partner.jurisdiction_id else {}


def _timestamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _text(value: object, longest: int) -> str:
    """Return what the partner wrote as one plain text. It is shown to staff, and trusted with nothing."""
    if not isinstance(value, str | int):
        return ""
    return " ".join("".join(char if char.isprintable() else " " for char in str(value)).split())[:longest]
