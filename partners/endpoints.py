"""Which addresses of a partner's Open311 server we accept: public host names over HTTPS, and nothing else."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError

HTTPS_PORT = 443
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# The last label begins with a letter, so no way to write an IP address matches: 127.1, 0x7f.1 and 2130706433 don't.
HOST_NAME = re.compile(rf"(?=.{{4,253}}\Z)(?:{LABEL}\.)+(?=[a-z]){LABEL}\Z")
# Names that are never public (RFC 6761, RFC 6762, RFC 8375, ICANN 2024).
PRIVATE_NAMES = (".localhost", ".local", ".internal", ".lan", ".home", ".corp", ".home.arpa", ".test", ".invalid")
PATH = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?\Z")
LOCAL_SERVER = "127.0.0.1"


@dataclass(frozen=True)
class Endpoint:
    """Where to connect, and the path below which the server answers."""

    scheme: str
    host: str
    port: int
    path: str


def parse_endpoint(url: str) -> Endpoint:
    """Return the parts of an endpoint that we accept. Raise ValidationError with what to change."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValidationError("Enter an address like https://open311.example.org/v2") from None
    if settings.OPEN311_LOCAL_SERVER and parts.hostname == LOCAL_SERVER and port:
        return Endpoint(parts.scheme, LOCAL_SERVER, port, parts.path.rstrip("/"))
    _check_scheme(url, parts)
    if not HOST_NAME.match(parts.hostname or "") or f".{parts.hostname}".endswith(PRIVATE_NAMES):
        raise ValidationError("Enter a public host name, not an IP address or a name of an internal network")
    if port not in (None, HTTPS_PORT) and not settings.OPEN311_LOCAL_SERVER:
        raise ValidationError("Leave out the port. Only the usual one of HTTPS is allowed")
    if not PATH.match(parts.path):
        raise ValidationError("Enter a path of letters, numbers, hyphens and dots")
    return Endpoint(parts.scheme, parts.hostname or "", port or HTTPS_PORT, parts.path.rstrip("/"))


def validate_endpoint(url: str) -> None:
    parse_endpoint(url)


def _check_scheme(url: str, parts: SplitResult) -> None:
    if parts.scheme != "https":
        raise ValidationError("Enter an address that begins with https://")
    if "@" in parts.netloc:
        raise ValidationError("Leave out the name and password. Enter the API key in its own box")
    if "?" in url or "#" in url or not url.isprintable() or " " in url:
        raise ValidationError("Enter the address without spaces, a question mark or a hash")
