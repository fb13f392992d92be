"""Widgets of django-import-export that read a cell as people write it, and write it in the same words."""

from collections.abc import Mapping
from typing import Any

from import_export.widgets import Widget

from boroughs.models.bcus import BoroughCommandUnit, Ward
from boroughs.models.officers import Officer, Rank

YES = {"yes", "y", "true", "1", "x", "✓"}
NO = {"no", "n", "false", "0", ""}

RANKS = {label.lower(): value for value, label in Rank.choices} | {
    "police community support officer": Rank.PCSO,
    "special": Rank.SPECIAL_CONSTABLE,
    "sc": Rank.SPECIAL_CONSTABLE,
    "police constable": Rank.PC,
    "constable": Rank.PC,
    "ps": Rank.SERGEANT,
    "sgt": Rank.SERGEANT,
    "insp": Rank.INSPECTOR,
}
ROLES = {label.lower(): value for value, label in Officer.Role.choices}


class Words(Widget):
    """One of a few words. An empty cell leaves the value as it is."""

    def __init__(self, words: Mapping[str, str], labels: Mapping[str, str], error: str) -> None:
        super().__init__()
        self.words, self.labels, self.error = words, labels, error

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str | None:
        if not value:
            return None
        key = " ".join(value.lower().replace("_", " ").split())
        if key not in self.words:
            raise ValueError(f"{self.error} “{value[:30]}” isn’t one.")
        return self.words[key]

    def render(self, value: str, obj: Any = None, **kwargs: Any) -> str:
        return str(self.labels[value])


class YesNo(Widget):
    def __init__(self, label: str) -> None:
        super().__init__()
        self.label = label

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> bool:
        if value.lower() in YES:
            return True
        if value.lower() in NO:
            return False
        raise ValueError(f"Enter yes or no for “{self.label}”. “{value[:30]}” is neither.")

    def render(self, value: bool, obj: Any = None, **kwargs: Any) -> str:
        return "yes" if value else "no"


class BCUCell(Widget):
    """A BCU by its code or its name."""

    def __init__(self) -> None:
        super().__init__()
        self.by_words: dict[str, BoroughCommandUnit] = {}

    def load(self) -> None:
        """Read the BCUs once for a file."""
        bcus = list(BoroughCommandUnit.objects.all())
        self.by_words = {words.lower(): bcu for bcu in bcus for words in (bcu.code, bcu.name, str(bcu))}

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> BoroughCommandUnit | None:
        if not value:
            return None
        if value.lower() not in self.by_words:
            raise ValueError(f"Enter the code or the name of a BCU. “{value[:30]}” isn’t one.")
        return self.by_words[value.lower()]

    def render(self, value: BoroughCommandUnit | None, obj: Any = None, **kwargs: Any) -> str:
        return value.code if value is not None else ""


class WardCell(Widget):
    """A ward by its code or its name. The resource looks it up in the BCU of the same row."""

    def __init__(self) -> None:
        super().__init__()
        self.wards: list[Ward] = []

    def load(self) -> None:
        self.wards = list(Ward.objects.select_related("borough"))

    def find(self, value: str, bcu: BoroughCommandUnit | None) -> Ward:
        if bcu is None:
            raise ValueError("Leave the ward empty for someone without a BCU.")
        in_bcu = [ward for ward in self.wards if ward.borough.bcu_id == bcu.pk]
        found = [ward for ward in in_bcu if value.lower() in (ward.gss.lower(), ward.name.lower())]
        if len(found) > 1:
            raise ValueError(f"{bcu} has more than one ward “{value[:40]}”. Enter its code.")
        if not found:
            raise ValueError(f"Enter a ward of {bcu}. “{value[:40]}” isn’t one.")
        return found[0]

    def render(self, value: Ward | None, obj: Any = None, **kwargs: Any) -> str:
        return value.name if value is not None else ""
