"""Addresses in variables: of our two hosts, of senders and inboxes, and of the servers that we use."""

import ipaddress
import re
from collections.abc import Mapping
from contextlib import suppress
from email.utils import parseaddr
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

HOST = re.compile(r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$")
POSTGRES_SCHEMES = ("postgres", "postgresql")
QUEUE_SCHEMES = ("redis", "rediss", "redis+socket")


def faults_of_origin(name: str, value: str, *, needs_tls: bool) -> list[str]:
    """Return what to put right in the address of a host, which has no path, query or user.

    This machine may do without TLS, because nobody else can reach it by that name.
    """
    parts = split(value)
    if parts is not None and HOST.match(parts.hostname or ""):
        may_be_plain = not needs_tls or is_this_machine(parts.hostname or "")
        has_scheme = parts.scheme == "https" or (parts.scheme == "http" and may_be_plain)
        if has_scheme and not (parts.path.strip("/") or parts.query or parts.fragment or parts.username):
            return []
    return [f"Write {name} as https:// and a host name, with nothing after it, like https://walks.your-force.uk"]


def faults_of_page(name: str, value: str) -> list[str]:
    """Return what to put right in the address of a page on another website."""
    parts = split(value)
    if parts is None or parts.scheme != "https" or not HOST.match(parts.hostname or ""):
        return [f"{name} must be one https:// address, or empty."]
    return []


def faults_of_error_server(name: str, value: str) -> list[str]:
    """Return what to put right in the address that errors are sent to, which has a key before its host."""
    parts = split(value)
    if (
        parts is not None
        and parts.username
        and (parts.scheme == "https" or (parts.scheme == "http" and is_this_machine(parts.hostname or "")))
    ):
        return []
    return [f"Write {name} as Sentry shows it, https://key@host/number, or leave it empty."]


def faults_of_inbox(name: str, value: str) -> list[str]:
    return [] if _is_address(value) else [f"{name} must be one email address, without a name."]


def faults_of_sender(name: str, value: str) -> list[str]:
    if _is_address(parseaddr(value)[1]) and "\n" not in value and "," not in value:
        return []
    return [f"Write {name} as one email address, with a name before it, like Name <hello@your-domain.uk>"]


def faults_of_database(name: str, value: str) -> list[str]:
    parts = split(value)
    if parts is None or parts.scheme not in POSTGRES_SCHEMES or not parts.username or not parts.path.strip("/"):
        return [f"Write {name} as postgres://user:password@host:5432/name"]
    return []


def faults_of_queue(name: str, value: str) -> list[str]:
    parts = split(value)
    if parts is None or parts.scheme not in QUEUE_SCHEMES or not (parts.hostname or parts.path.strip("/")):
        return [f"Write {name} as redis://host:6379/0, rediss://host:6379/0 or redis+socket:///path?virtual_host=0"]
    return []


def faults_of_mail_server(name: str, server: Mapping[str, Any]) -> list[str]:
    """Return what to put right in how we reach the mail server: names and addresses of women go through it."""
    if not server.get("EMAIL_HOST"):
        return [f"Write {name} as smtp+tls://user:password@host:587"]
    is_encrypted = server.get("EMAIL_USE_TLS") or server.get("EMAIL_USE_SSL")
    if not is_encrypted and not is_this_machine(server["EMAIL_HOST"]):
        return [f"Begin {name} with smtp+tls:// or smtp+ssl://. Only a mail server on this machine may do without TLS."]
    return []


def faults_of_pair(*, public: str, discreet: str, public_sender: str, discreet_sender: str) -> list[str]:
    """Return where the neutral host or sender gives away the public one. Each of the four is an address or empty."""
    public_host, discreet_host = host_of(public), host_of(discreet)
    faults = []
    if are_related(public_host, discreet_host):
        faults.append("Give DISCREET_URL a domain of its own. Neither host may be a subdomain of the other.")
    sender = domain_of(discreet_sender)
    if are_related(sender, public_host) or are_related(sender, domain_of(public_sender)):
        faults.append("Give DISCREET_FROM_EMAIL a domain of its own, not that of PUBLIC_URL or FROM_EMAIL.")
    return faults


def are_related(one: str, other: str) -> bool:
    """Return whether the names are the same, or one is a subdomain of the other."""
    return bool(one and other) and (one == other or one.endswith(f".{other}") or other.endswith(f".{one}"))


def host_of(url: str) -> str:
    parts = split(url)
    return (parts.hostname or "") if parts else ""


def domain_of(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2].lower()


def is_this_machine(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def split(url: str) -> SplitResult | None:
    """Return the parts of the address, or None if it is none."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # reading it raises ValueError, if it is no number
    except ValueError:
        return None
    return parts


def _is_address(value: str) -> bool:
    try:
        validate_email(value)
    except ValidationError:
        return False
    return True
