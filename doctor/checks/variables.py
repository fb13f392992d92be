"""Variables that the service starts with, although they can't be right."""

import datetime
import difflib
from dataclasses import fields

from django.conf import settings
from django.core import checks

from boroughs.placeholders import is_example_address, is_example_number
from doctor.examination import examination
from walkandtalk.lib import london
from walkandtalk.lib.variables.addresses import domain_of, host_of

ONLY_IN_DEVELOPMENT = ("DEMO", "DEMO_WEEK", "DEMO_PASSWORD", "REQUIRE_SECOND_FACTOR", "WALKANDTALK_VAR")
NOT_READ_BY_SETTINGS = ("DJANGO_SETTINGS_MODULE", "PORT", "WALKANDTALK_ENV")
ALIKE = 0.85
"""FIELD_KEY and FIELD_KEYS are alike to 0.95, and SECRET_KEY_FILE and SECRET_KEY to 0.8."""
CHECK_EVERY = datetime.timedelta(days=365)
LEAST_TOKEN = 20


@examination("No variable is an example", looks_outside=False)
def find_examples() -> list[checks.CheckMessage]:
    hosts = {name: f"@{host_of(getattr(settings, name))}" for name in ("PUBLIC_URL", "DISCREET_URL")}
    senders = {name: f"@{domain_of(getattr(settings, name))}" for name in ("FROM_EMAIL", "DISCREET_FROM_EMAIL")}
    inboxes = {name: getattr(settings, name) for name in ("AUDITOR_EMAIL", "CONDUCT_INBOX")}
    texts = {f"ORGANISATION_{field.name.upper()}": _text(field.name) for field in fields(settings.ORGANISATION)}
    names = [name for name, address in (hosts | senders | inboxes).items() if is_example_address(address)]
    names += [name for name, text in texts.items() if any(map(_is_example, text.split())) or is_example_number(text)]
    if settings.DEVELOPMENT or not names:
        return []
    hint = "Nobody reads an address at example.com, and nobody answers a number that is kept for drama. Set your own."
    return [checks.Warning(f"These variables are examples: {', '.join(names)}.", hint=hint, id="doctor.W001")]


@examination("No variable is misspelt or unknown", looks_outside=False)
def find_unknown_variables() -> list[checks.CheckMessage]:
    if settings.DEVELOPMENT:
        return []
    known = {*settings.VARIABLES.names, *ONLY_IN_DEVELOPMENT, *NOT_READ_BY_SETTINGS}
    found: list[checks.CheckMessage] = []
    for name in sorted(settings.VARIABLES.values):
        if name in ONLY_IN_DEVELOPMENT:
            hint = "Unset it: production has no demo, and always asks for a second factor."
            found.append(checks.Warning(f"{name} is only for development.", hint=hint, id="doctor.W002"))
        elif name not in known and (alike := difflib.get_close_matches(name, known, n=1, cutoff=ALIKE)):
            hint = f"Nothing reads it. Did you mean {alike[0]}?"
            found.append(checks.Warning(f"{name} is no variable of this service.", hint=hint, id="doctor.W003"))
    return found


@examination("Web knows its proxies", looks_outside=False)
def find_unknown_proxies() -> list[checks.CheckMessage]:
    if settings.DEVELOPMENT or settings.TRUSTED_PROXY_COUNT:
        return []
    hint = (
        "Set it to the number of proxies between the internet and web. If it is too low, all visitors share one "
        "address and its limits, also those of wrong passwords."
    )
    return [checks.Warning("TRUSTED_PROXY_COUNT is 0.", hint=hint, id="doctor.W004")]


@examination("The token of /metrics can’t be guessed", looks_outside=False)
def find_short_token() -> list[checks.CheckMessage]:
    if not settings.METRICS_TOKEN or len(settings.METRICS_TOKEN) >= LEAST_TOKEN:
        return []
    hint = f"Make it at least {LEAST_TOKEN} characters long."
    return [checks.Warning("METRICS_TOKEN is short.", hint=hint, id="doctor.W005")]


@examination("The texts about who runs the service were checked this year", looks_outside=False)
def find_old_texts() -> list[checks.CheckMessage]:
    if settings.DEVELOPMENT or settings.ORGANISATION.checked > london.today() - CHECK_EVERY:
        return []
    hint = "Ask the owner of each ORGANISATION_… variable whether its text is right, then write today as its last part."
    return [checks.Warning("Nobody has checked some ORGANISATION_… texts for a year.", hint=hint, id="doctor.W006")]


def _text(name: str) -> str:
    return str(getattr(settings.ORGANISATION, name))


def _is_example(word: str) -> bool:
    return "@" in word and is_example_address(word.strip(".,;:()<>"))
