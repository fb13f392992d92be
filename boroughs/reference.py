"""Reads the files in `data/`. Data that administrators may change is in the database instead."""

import csv
import json
from dataclasses import dataclass
from functools import cache

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Unit:
    """A Borough Command Unit with the names of its initial boroughs."""

    code: str
    name: str
    boroughs: tuple[str, ...]


def rows(name: str) -> list[dict[str, str]]:
    with (settings.BASE_DIR / "data" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def units() -> tuple[Unit, ...]:
    content = json.loads((settings.BASE_DIR / "data" / "bcus.json").read_text("utf-8"))
    return tuple(Unit(unit["code"], unit["name"], tuple(unit["boroughs"])) for unit in content["bcus"])


@cache
def borough_names() -> dict[str, str]:
    """Return the names of the 32 boroughs and the City of London, by ONS code."""
    return {row["borough_gss"]: row["borough"] for row in rows("wards.csv")}
