"""Accounts that may be of someone kept off walks (docs/rules.md#kept-off-walks).

The gate is on an account. A person who is given another account would be past it, and nobody but auditors knows.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from boroughs.models.officers import Officer
from boroughs.models.unavailability import Unavailability
from walkandtalk.lib.words import folded_words


@dataclass(frozen=True)
class Lookalike:
    account: Officer
    kept_off: Officer
    """Someone kept off walks with the same name or shoulder number."""


def find_lookalikes(accounts: Iterable[Officer]) -> list[Lookalike]:
    """Return those that can sign in and have the name or shoulder number of someone else who is kept off walks."""
    gates = Unavailability.objects.filter(is_vetting=True).select_related("officer").order_by("-at", "-pk")
    kept_off = {mark: gate.officer for gate in gates for mark in _marks(gate.officer)}
    gated = {gate.officer_id for gate in gates}
    others = {account.pk: account for account in accounts if account.is_active and account.pk not in gated}
    found = []
    for account in others.values():
        same = [kept_off[mark] for mark in _marks(account) if mark in kept_off]
        found += [Lookalike(account, officer) for officer in same[:1]]
    return found


def _marks(officer: Officer) -> list[str]:
    """Return what tells who they are, as people type it in one order or another."""
    marks = [" ".join(sorted(folded_words(officer.name))), officer.shoulder_number]
    return [mark for mark in marks if mark]
