"""Published things of the demo: figures of two years, and improvements of the last months.

These take years, so they are written into the rows. The figures are invented, and go through the one rule.
"""

import datetime
from itertools import cycle
from random import Random

from django.utils import timezone

from boroughs.geography.places import public_places
from boroughs.models.bcus import Borough
from boroughs.models.officers import Officer
from feedback.models.improvements import Improvement
from feedback.statuses import State
from figures.models.snapshots import Snapshot
from figures.periods import Quarter, quarters_to_publish
from figures.snapshots.actions import publishable_numbers
from figures.snapshots.measures import (
    CONCERNS,
    CONCERNS_WITHOUT_WALK,
    DAYS_TO_ANSWER,
    DAYS_TO_WALK,
    DONE,
    GROUPS,
    LONDON,
    MEASURES,
    NOT_DONE,
    PARTLY_DONE,
    REQUESTS,
    WALKS_CANCELLED,
    WALKS_HELD,
    Cell,
)
from figures.snapshots.rule import Counted
from walkandtalk.lib import london

YEARS = 2
SIZES = {"AS": 1.6, "AW": 1.0, "CE": 1.2, "CN": 0.9, "EA": 0.5, "NA": 0.3, "NE": 1.1, "NW": 0.7, "SE": 0.9, "SN": 0.3}
SHARES = {"place": 0.44, "transport": 0.2, "people": 0.24, "help": 0.08, "other": 0.04}
"""Parts of all concerns, by group."""
CANCELLED = 0.05
"""For each walk held."""
WOMEN_ON_A_WALK = 1.2
CHANGES = (
    (
        "southwark",
        "Mended the lamps",
        "lighting",
        "Women told us that the lamps along the park were out. All work again.",
    ),
    (
        "lambeth",
        "Cut back the hedge",
        "overgrown",
        "Women couldn’t see past a hedge. The council cuts it back each spring.",
    ),
    ("camden", "Put a light into the shelter", "stop_or_station", "A bus shelter was dark. It has its own light now."),
    (
        "hackney",
        "Patrols at closing time",
        "gathering",
        "Officers walk past at closing time on Fridays and Saturdays now.",
    ),
    (
        "lewisham",
        "Opened the gate",
        "path",
        "A locked gate made women take a dark way round. It’s open until 10pm now.",
    ),
    (
        "ealing",
        "Mended the steps",
        "path",
        "Women told us of broken steps by the station. They’re mended, with a rail.",
    ),
    (
        "haringey",
        "Put in a mirror",
        "sightlines",
        "There was a blind corner on the way to the library. There’s a mirror now.",
    ),
    (
        "lambeth",
        "Moved the bus stop",
        "stop_or_station",
        "A bus stop stood where nobody could see it. It was moved by 40 metres.",
    ),
)


def publish_demo() -> None:
    """Make the snapshots of two years, and the changes that everyone can read."""
    now = timezone.now()
    since = london.local(now).date() - datetime.timedelta(days=365 * YEARS)
    bcus = sorted({borough.bcu.code for borough in Borough.objects.select_related("bcu") if borough.bcu})
    for age, quarter in enumerate(quarters_to_publish(since, london.local(now).date())):
        _make_snapshot(quarter, bcus, growth=1 + age / 6)
    _publish_changes()


def _make_snapshot(quarter: Quarter, bcus: list[str], *, growth: float) -> None:
    random = Random(quarter.code)  # noqa: S311  # invented figures
    counts: dict[Cell, Counted] = {}
    for bcu in bcus:
        size = SIZES.get(bcu, 0.8) * growth * random.uniform(0.85, 1.15)
        counts |= {(bcu, figure): counted for figure, counted in _of_bcu(size, random).items()}
    for measure in MEASURES:
        counts[LONDON, measure.code] = _of_london(
            [counts[bcu, measure.code] for bcu in bcus if not measure.is_for_london_alone]
        )
    counts[LONDON, CONCERNS_WITHOUT_WALK.code] = Counted(number=round(40 * growth), women=99, walks=99)
    made_at = london.first_instant(quarter.public_from, datetime.time(6))
    Snapshot.objects.create(first_day=quarter.first_day, made_at=made_at, numbers=publishable_numbers(counts, bcus))


def _of_bcu(size: float, random: Random) -> dict[str, Counted]:
    """Return invented counts of a BCU, of which groups add up to all concerns."""
    groups = {code: _counted(35 * size * share) for code, share in SHARES.items()}
    concerns = sum(each.number for each in groups.values())
    return {
        REQUESTS.code: _counted(30 * size),
        WALKS_HELD.code: _walks(20 * size),
        WALKS_CANCELLED.code: _walks(20 * size * CANCELLED),
        DAYS_TO_WALK.code: _counted(20 * size, days=random.uniform(9, 16) / size**0.2),
        CONCERNS.code: _counted(concerns),
        **{GROUPS[code].code: counted for code, counted in groups.items()},
        DONE.code: _counted(0.35 * concerns),
        PARTLY_DONE.code: _counted(0.25 * concerns),
        NOT_DONE.code: _counted(0.2 * concerns),
        DAYS_TO_ANSWER.code: _counted(concerns, days=random.uniform(5, 11)),
    }


def _of_london(of_bcus: list[Counted]) -> Counted:
    days = sorted(each.days for each in of_bcus if each.days is not None)
    return Counted(
        number=sum(each.number for each in of_bcus),
        women=sum(each.women for each in of_bcus),
        walks=sum(each.walks for each in of_bcus),
        days=days[len(days) // 2] if days else None,
    )


def _walks(number: float) -> Counted:
    return Counted(number=round(number), women=round(number * WOMEN_ON_A_WALK), walks=round(number))


def _counted(number: float, days: float | None = None) -> Counted:
    return Counted(number=round(number), women=round(number * 0.8), walks=round(number * 0.7), days=days)


def _publish_changes() -> None:
    lead = Officer.objects.get(email="lead@example.com")
    today, boroughs = london.today(), {borough.slug: borough for borough in Borough.objects.select_related("bcu")}
    weeks = cycle(range(3, 30, 4))
    for slug, change, kind, words in CHANGES:
        borough = boroughs[slug]
        inspector = Officer.objects.filter(bcu=borough.bcu, role=Officer.Role.INSPECTOR, is_active=True).first()
        if inspector is None or borough.bcu is None:  # the small demo has inspectors in two BCUs
            continue
        done = today - datetime.timedelta(weeks=next(weeks))
        spot = public_places(borough.gss)[len(words) % 9]
        Improvement.objects.create(
            bcu=borough.bcu,
            borough=borough,
            change=change,
            where=str(spot),
            kind=kind,
            state=State.RESOLVED,
            owner=inspector,
            made_by=inspector,
            words_by=inspector,
            review_date=done,
            done_date=done,
            public_words=words,
            map_place=str(spot),
            approved_by=lead,
            approved_at=timezone.now(),
        )
