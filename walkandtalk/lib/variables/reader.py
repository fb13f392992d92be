"""Reads environment variables, and keeps each fault until all are read.

So one list has everything to put right before the service starts. No fault repeats a value, because it may
be a secret.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, TypeVar, cast

import environ
from django.core.exceptions import ImproperlyConfigured

from walkandtalk.lib.keys.index_keys import read_index_keys
from walkandtalk.lib.variables import addresses, keys

YES = ("1", "true", "yes", "on")
NO = ("0", "false", "no", "off")
SECRET_KEY_CHARACTERS = 50  # as `manage.py check --deploy` asks
INDEX_KEY_CHARACTERS = 32
MOST = 1_000_000
T = TypeVar("T")


class WrongVariables(ImproperlyConfigured):
    """The variables that the service can't start with, one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n✗ ".join(["Correct these environment variables, then start again.", *faults]))


class Variables:
    """The variables of this process. An empty one is the same as one that is not set.

    After a fault a reading returns something of the right type, which nothing uses, because `refuse_faults` raises.
    """

    def __init__(self, values: Mapping[str, str], *, is_production: bool, defaults: Mapping[str, str]) -> None:
        self.values = values
        self.names: set[str] = set()
        """Every name that was asked for."""
        self._is_production = is_production
        self._defaults = defaults
        self._faults: list[str] = []

    def require(self, names: Iterable[str]) -> None:
        if missing := [name for name in names if not self.text(name)]:
            self._faults.append(f"Set {', '.join(missing)}.")

    def refuse(self, faults: Iterable[str]) -> None:
        self._faults += faults

    def refuse_faults(self) -> None:
        """Raise WrongVariables with all that was found."""
        if self._faults:
            raise WrongVariables(self._faults)

    def attempt(self, read: Callable[[], T]) -> T:
        """Return what the function reads, or keep what it raises."""
        try:
            return read()
        except ImproperlyConfigured as error:
            self._faults.append(str(error))
            return cast("T", None)

    # --- One variable

    def text(self, name: str, default: str = "") -> str:
        self.names.add(name)
        return self.values.get(name, "").strip() or self._defaults.get(name, default)

    def items(self, name: str) -> list[str]:
        """Return the parts between commas."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def whole_number(self, name: str, default: int, *, least: int = 0, most: int = MOST) -> int:
        value = self.text(name, str(default))
        if not value.isdecimal() or not least <= int(value) <= most:
            self._faults.append(f"Set {name} to a whole number from {least:,} to {most:,}.")
            return default
        return int(value)

    def yes_or_no(self, name: str, *, default: bool) -> bool:
        value = self.text(name).lower()
        if value and value not in (*YES, *NO):
            self._faults.append(f"Set {name} to 1 or 0.")
        return value in YES if value else default

    def json_object(self, name: str) -> dict[str, Any]:
        try:
            value = json.loads(self.text(name, "{}"))
        except ValueError:
            value = None
        if not isinstance(value, dict):
            self._faults.append(f'Write {name} as JSON, like {{"location": "/srv/erasures"}}')
            return {}
        return value

    # --- Secrets

    def field_keys(self, name: str) -> list[str]:
        entries = self.items(name)
        self._faults += keys.faults_of_field_keys(name, entries)
        return entries

    def secret(self, name: str, *, least: int) -> str:
        value = self.text(name)
        if value:
            self._faults += keys.faults_of_secret(name, value, least=least)
        return value

    def index_keys(self, name: str, *, least: int) -> str:
        value = self.text(name)
        if value:
            faults = [
                fault for part in value.split(",") for fault in keys.faults_of_secret(name, part.strip(), least=least)
            ]
            self._faults += dict.fromkeys(faults)  # each once
            self.attempt(lambda: read_index_keys(value))
        return value

    # --- Addresses

    def origin(self, name: str) -> str:
        needs_tls = self._is_production
        value = self._checked(name, lambda value: addresses.faults_of_origin(name, value, needs_tls=needs_tls))
        return value.rstrip("/")

    def page(self, name: str, default: str = "") -> str:
        return self._checked(name, lambda value: addresses.faults_of_page(name, value), default)

    def error_server(self, name: str) -> str:
        return self._checked(name, lambda value: addresses.faults_of_error_server(name, value))

    def inbox(self, name: str) -> str:
        return self._checked(name, lambda value: addresses.faults_of_inbox(name, value))

    def sender(self, name: str) -> str:
        return self._checked(name, lambda value: addresses.faults_of_sender(name, value))

    def queue(self, name: str) -> str:
        return self._checked(name, lambda value: addresses.faults_of_queue(name, value))

    def database(self, name: str) -> dict[str, Any]:
        faults_before = len(self._faults)
        value = self._checked(name, lambda value: addresses.faults_of_database(name, value))
        if not value or len(self._faults) > faults_before:
            return {}
        parsed: dict[str, Any] = environ.Env.db_url_config(value)
        return parsed

    def mail_server(self, name: str) -> dict[str, Any]:
        """Return Django's settings of the mail server."""
        value, parsed = self.text(name), {"EMAIL_HOST": "", "EMAIL_PORT": None}
        if not value:
            return parsed
        with suppress(ValueError, ImproperlyConfigured):  # without its message, which may hold the password
            parsed |= environ.Env.email_url_config(value)
        self._faults += addresses.faults_of_mail_server(name, parsed)
        return parsed

    def proxy_header(self, name: str, *, behind_proxy: bool) -> tuple[str, str] | None:
        """Return the header with which a proxy says that it ended TLS, and its value."""
        parts = self.items(name)
        if not parts and behind_proxy:
            self._faults.append(f"Set {name} to HTTP_X_FORWARDED_PROTO,https. Without it every POST is refused.")
        if not parts:
            return None
        if len(parts) != 2 or not parts[0].startswith("HTTP_"):
            self._faults.append(f"Write {name} as HTTP_X_FORWARDED_PROTO,https")
        return parts[0], parts[-1]

    def _checked(self, name: str, find_faults: Callable[[str], list[str]], default: str = "") -> str:
        value = self.text(name, default)
        if value:
            self._faults += find_faults(value)
        return value
