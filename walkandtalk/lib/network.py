"""Who is calling, as far as the network tells, and what of a call may stand in a log."""

import ipaddress
import logging
import re
from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest

TOKEN_IN_PATH = re.compile(r"(?<=/)[A-Za-z0-9_-]{40,}")


def client_address(request: HttpRequest) -> str:
    """The caller's network, seen past the proxies that TRUSTED_PROXY_COUNT says are ours: what limits are counted by.

    That is the address of IPv4, and the first address of the /64 of IPv6, since one line has as many as it likes there.

    Each proxy appends the address it was called from to X-Forwarded-For, so with n proxies of ours the n-th from the
    right is the caller's, and whatever stands left of it is the caller's own invention.
    """
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    count = settings.TRUSTED_PROXY_COUNT
    if count and len(forwarded) >= count:
        return _network(forwarded[-count])
    return _network(request.META.get("REMOTE_ADDR", ""))


def _network(address: str) -> str:
    """Without the port that some proxies add. What is no address is nobody's, and all of those count as one."""
    host = address.partition("]")[0].lstrip("[") if address.startswith("[") else address
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return "0.0.0.0"  # noqa: S104  # a name for nobody, and nothing that is listened on
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False).network_address)


def claimed_username(request: HttpRequest, credentials: Mapping[str, str] | None = None) -> str:
    """Whom somebody says she is when she signs in, in one spelling: the database finds her address in any case.

    No longer than an address of ours can be, since it is written down.
    """
    name = (credentials or {}).get("username") or request.POST.get("username", "")
    return name.strip().upper()[:254]


class HideTokens(logging.Filter):
    """Django logs the path of a request that failed; the token in a woman's link opens her page, so it is cut out."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _without_tokens(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = _without_tokens(logging.Formatter().formatException(record.exc_info))
        return True


def _without_tokens(text: str) -> str:
    return TOKEN_IN_PATH.sub("…", text)
