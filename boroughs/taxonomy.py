"""The kinds of concern, from `data/concern_taxonomy.csv`. They are in a file because the scheme may change them."""

from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from boroughs import reference

OTHER = "other"
SAFE_PLACE = ""
"""The code of a good spot, which is no concern and so has no kind."""

GROUPS = {
    "place": gettext_lazy("The place itself"),
    "transport": gettext_lazy("Getting there and back"),
    "people": gettext_lazy("People"),
    "help": gettext_lazy("Help nearby"),
    "other": gettext_lazy("Anything else"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    code: str
    group: str
    label: str
    usual_owner: str


@cache
def kinds() -> dict[str, Kind]:
    rows = reference.rows("concern_taxonomy.csv")
    return {r["code"]: Kind(r["code"], r["group"], r["label_for_public"], r["usual_owner"]) for r in rows}


def choices(group: str) -> list[tuple[str, str]]:
    return [(kind.code, _(kind.label)) for kind in kinds().values() if kind.group == group]


def label(code: str) -> str:
    """Return the public name of a kind, or the code itself if the kind is no longer listed, as in an old concern."""
    if code == SAFE_PLACE:
        return _("A good spot")
    kind = kinds().get(code)
    return _(kind.label) if kind else code


def usual_owner(code: str) -> str:
    kind = kinds().get(code)
    return kind.usual_owner if kind else ""
