"""Demo people: the sign-ins that tests and the README name, and the teams of all 12 BCUs from `people.csv`."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.models import SecurityEventKind
from accounts.security_log import record_security_event
from boroughs.models.bcus import Borough, BoroughCommandUnit, Ward
from boroughs.models.officers import Officer, Rank

Role = Officer.Role
FILE = Path(__file__).with_name("people.csv")
FIRST_SHOULDER_NUMBER = 101
NAMED = {
    "AS": ("Ingrid Inspector", "Olive Officer", "Petra Partner", "Sara Okafor"),
    "CN": ("Farah Siddiqui", "Imogen Blythe", "Josephine Amankwah", "Lena Fischer"),
}
"""The first inspector and officers of the two teams that a small demo has."""


@dataclass(frozen=True)
class Team:
    """The people of one BCU. The officers lead walks."""

    bcu: BoroughCommandUnit
    boroughs: list[Borough]
    inspectors: list[Officer]
    officers: list[Officer]


def create_named_teams() -> dict[str, Team]:
    """Make an inspector and three officers each for Central South and Central North, who decide for each other."""
    teams = {code: _empty_team(code) for code in NAMED}
    for code, (inspector, *officers) in NAMED.items():
        _add_inspector(teams[code], inspector)
        for name in officers:
            _add_officer(teams[code], name)
    _nominate(teams["AS"], teams["CN"])
    _nominate(teams["CN"], teams["AS"])
    return teams


def create_people_without_team() -> None:
    create_person("lead@example.com", "Lorna Lead", role=Role.LEAD, rank=Rank.SUPERINTENDENT)
    create_person("admin@example.com", "Adele Administrator", role=Role.ADMINISTRATOR, rank=Rank.STAFF)
    create_person("admin2@example.com", "Amir Administrator", role=Role.ADMINISTRATOR, rank=Rank.STAFF)
    create_person("auditor@example.com", "Ada Auditor", role=Role.AUDITOR, rank=Rank.STAFF)
    create_person("control@example.com", "Connie Control", role=Role.CONTROL_ROOM, rank=Rank.STAFF)


def complete_teams(teams: dict[str, Team]) -> None:
    """Add everyone in `people.csv`: 25 officers in Central South, where the scheme began, and five to eight elsewhere.

    The inspector of the next BCU by code decides on the restricted bookings of each BCU that has nobody yet.
    """
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wards = _wards_by_bcu()
    for row in rows:
        code = row["bcu"]
        team = teams.setdefault(code, _empty_team(code)) if code not in teams else teams[code]
        if row["role"] == Role.INSPECTOR:
            _add_inspector(team, row["name"])
            continue
        place = len(team.officers)
        _add_officer(
            team,
            row["name"],
            rank=row["rank"],
            ward=wards[code][place * 7 % len(wards[code])],
            languages=row["languages"],
            signs_bsl=bool(row["bsl"]),
        )
    codes = sorted(teams)
    for code, next_code in zip(codes, [*codes[1:], codes[0]], strict=True):
        if teams[code].bcu.nominated_inspector_id is None:
            _nominate(teams[code], teams[next_code])


def create_person(email: str, name: str, **fields: object) -> Officer:
    """Make someone with the demo's password, which nobody may choose, so that there is no invitation to answer."""
    person = Officer(email=email, name=name, password=_hash_password(settings.DEMO_PASSWORD), **fields)
    person.full_clean(exclude=["password"])
    person.save()
    record_security_event(SecurityEventKind.ACCOUNT_CREATED, subject=person, change=f"> {person.role}")
    return person


@cache
def _hash_password(password: str) -> str:
    """Hash the password once for everyone, because it is slow and `make run` should be quick."""
    return make_password(password)


def _empty_team(code: str) -> Team:
    bcu = BoroughCommandUnit.objects.get(code=code)
    return Team(bcu, list(bcu.boroughs.order_by("name")), [], [])


def _add_inspector(team: Team, name: str) -> None:
    email = _address("inspector", len(team.inspectors), team)
    person = create_person(email, name, role=Role.INSPECTOR, rank=Rank.INSPECTOR, bcu=team.bcu)
    team.inspectors.append(person)


def _add_officer(team: Team, name: str, **fields: object) -> None:
    place = len(team.officers)
    number = f"{FIRST_SHOULDER_NUMBER + place}{team.bcu.code}"
    email = _address("officer", place, team)
    person = create_person(email, name, bcu=team.bcu, leads_walks=True, shoulder_number=number, **fields)
    team.officers.append(person)


def _address(role: str, place: int, team: Team) -> str:
    """Return addresses such as officer.as@example.com for the first and officer2.as@example.com for the second."""
    return f"{role}{place + 1 if place else ''}.{team.bcu.code.lower()}@example.com"


def _nominate(team: Team, other: Team) -> None:
    team.bcu.nominated_inspector = other.inspectors[0]
    team.bcu.save(update_fields=["nominated_inspector"])


def _wards_by_bcu() -> dict[str, list[Ward]]:
    wards = defaultdict(list)
    for ward in Ward.objects.exclude(borough__bcu=None).select_related("borough__bcu").order_by("gss"):
        wards[ward.borough.bcu.code].append(ward)  # type: ignore[union-attr]
    return wards
