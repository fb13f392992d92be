"""Finds the borough of a postcode, using only files in `data/`.

A postcode is never stored and never logged: it comes in as text, and only the borough and ward go out.
"""

import json
import lzma
import re
import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Literal, Self
from unicodedata import normalize

from django.conf import settings

Status = Literal["london", "city", "outside", "unknown", "malformed"]

METROPOLITAN_POLICE = "Metropolitan Police Service"
CITY_OF_LONDON_POLICE = "City of London Police"
CITY_OF_LONDON = "E09000001"

# The letters that can end a postcode, in the order in which the file counts them.
_UNIT_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
_POSTCODE = re.compile(rf"([A-Z]{{1,2}}[0-9][0-9A-Z]?)([0-9])([{_UNIT_LETTERS}])([{_UNIT_LETTERS}])")
_LONGEST_TYPED = 40

_UNITS_IN_SECTOR = len(_UNIT_LETTERS) ** 2
_UNITS_IN_OUTCODE = 10 * _UNITS_IN_SECTOR
_AREA_BITS = 0x7F  # the top bit says whether the postcode is in use; an old one still has a location
_NOWHERE = 127
_BOROUGHS = 33
_LOW, _HIGH = (0, 1) if sys.byteorder == "little" else (1, 0)


@dataclass(frozen=True, slots=True)
class Location:
    """The location of a postcode. `city` is also in London, but another force polices it and has its own scheme."""

    status: Status
    borough: str = ""
    ward: str = ""
    district: str = ""
    force: str = ""

    def as_json(self) -> dict[str, str | None]:
        return {
            "status": self.status,
            "borough": self.borough or None,
            "ward": self.ward or None,
            "district": self.district or None,
            "force": self.force or None,
        }


def locate(text: str) -> Location:
    """Return the location of a postcode. Never raise, whatever was typed."""
    match = _POSTCODE.fullmatch(_squeeze(text))
    if match is None:
        return Location("malformed")
    outcode, sector, *unit = match.groups()
    if outcode not in _outcodes():
        return Location("unknown")
    table = _table()
    if outcode not in table.outcodes:
        return Location("outside", force=_outcodes()[outcode])
    start = table.outcodes[outcode] * _UNITS_IN_OUTCODE + int(sector) * _UNITS_IN_SECTOR
    first, second = (_UNIT_LETTERS.index(letter) for letter in unit)
    return table.exact(start + first * len(_UNIT_LETTERS) + second) or table.sector(start)


def warm() -> None:
    """Read the files now, so that no visitor waits for them."""
    _table()
    _outcodes()


@dataclass(frozen=True, slots=True)
class _Table:
    """Every postcode of the outcodes that touch London, in parallel columns in the order of `keys`."""

    outcodes: dict[str, int]
    boroughs: list[str]
    outside: list[tuple[str, str, str]]
    wards: list[str]
    keys: Sequence[int]
    areas: bytes
    ward_of: Sequence[int]

    @classmethod
    def read(cls, path: Path) -> Self:
        packed = path.read_bytes()
        header_length = struct.unpack_from("<I", packed, 4)[0]
        header = json.loads(packed[8 : 8 + header_length])
        count = header["n"]
        # Keys, areas, one bit per row that is set for no London postcode, and wards. Grid references follow, but we
        # don't need them, so stop unpacking after the wards.
        sizes = [count, count, count, (count + 7) // 8, count, count]
        raw = lzma.LZMADecompressor().decompress(packed[8 + header_length :], max_length=sum(sizes))
        ends = list(accumulate(sizes))
        low, high, areas, _bits, ward_low, ward_high = (
            raw[end - size : end] for size, end in zip(sizes, ends, strict=True)
        )
        return cls(
            outcodes={outcode: place for place, outcode in enumerate(header["outcodes"])},
            boroughs=header["boroughs"],
            outside=[(gss, name, force) for gss, name, force in header["outside"]],
            wards=header["wards"],
            keys=array("I", accumulate(_sixteen_bits(low, high))),
            areas=areas,
            ward_of=array("H", accumulate(_signed(_sixteen_bits(ward_low, ward_high)))),
        )

    def exact(self, key: int) -> Location | None:
        row = bisect_left(self.keys, key)
        if row == len(self.keys) or self.keys[row] != key:
            return None
        area = self.areas[row] & _AREA_BITS
        if area == _NOWHERE:
            return None
        return self._location(area, ward=self.wards[self.ward_of[row]] if area < _BOROUGHS else "")

    def sector(self, start: int) -> Location:
        """Place a postcode that is too new to be listed where all its neighbours are, if they agree."""
        rows = slice(bisect_left(self.keys, start), bisect_left(self.keys, start + _UNITS_IN_SECTOR))
        areas = {area & _AREA_BITS for area in self.areas[rows]} - {_NOWHERE}
        return self._location(areas.pop()) if len(areas) == 1 else Location("unknown")

    def _location(self, area: int, ward: str = "") -> Location:
        if area >= _BOROUGHS:
            _gss, name, force = self.outside[area - _BOROUGHS]
            return Location("outside", district=name, force=force)
        borough = self.boroughs[area]
        if borough == CITY_OF_LONDON:
            return Location("city", borough=borough, ward=ward, force=CITY_OF_LONDON_POLICE)
        return Location("london", borough=borough, ward=ward, force=METROPOLITAN_POLICE)


@cache
def _table() -> _Table:
    return _Table.read(settings.BASE_DIR / "data" / "london_postcodes.bin")


@cache
def _outcodes() -> dict[str, str]:
    """Return every outcode of the United Kingdom, with the police force if it is outside London."""
    content = json.loads((settings.BASE_DIR / "data" / "uk_outcodes.json").read_text("utf-8"))
    forces = content["forces"]
    return {outcode: "" if force is None else forces[force] for outcode, (_share, force) in content["outcodes"].items()}


def _squeeze(text: str) -> str:
    """Convert to upper case without spaces and punctuation. Full-width letters count as plain ones."""
    return re.sub(r"[^A-Z0-9]", "", normalize("NFKC", text[:_LONGEST_TYPED]).upper())


def _sixteen_bits(low: bytes, high: bytes) -> "array[int]":
    """Rebuild a column stored as all its low bytes, then all its high bytes, which compresses better."""
    both = bytearray(2 * len(low))
    both[_LOW::2], both[_HIGH::2] = low, high
    return array("H", bytes(both))


def _signed(steps: Iterable[int]) -> Iterable[int]:
    """Decode steps that are stored as 0, -1, 1, -2, 2, … because small numbers compress better."""
    steps = list(steps)
    meaning = [(step >> 1) ^ -(step & 1) for step in range(max(steps) + 1)]
    return map(meaning.__getitem__, steps)
