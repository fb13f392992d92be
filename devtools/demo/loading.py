"""Loads the demo: people and, unless it is to be small, the teams of all BCUs and a week of their work."""

from dataclasses import replace

from django.db import transaction

from bookings.statuses import Channel
from boroughs.models.officers import Officer
from devtools.demo.improvements import create_improvements
from devtools.demo.partners import give_inboxes
from devtools.demo.people import Team, complete_teams, create_named_teams, create_people_without_team
from devtools.demo.published import publish_demo
from devtools.demo.steps import book, book_and_confirm, build_request, complete_walk, preferred_times, report, schedule
from devtools.demo.week import create_week
from walkandtalk.lib import london


@transaction.atomic
def load(*, with_week: bool = True) -> bool:
    """Make the demo data, unless it exists. Return whether it was made.

    Without the week it takes a second and has two teams of three officers: enough for tests of the whole stack.
    """
    if Officer.objects.filter(email="admin@example.com").exists():
        return False
    teams = create_named_teams()
    create_people_without_team()
    give_inboxes()
    if with_week:
        complete_teams(teams)
    for code, borough in (("AS", "southwark"), ("CN", "camden")):
        _create_bookings(teams[code], borough)
    if with_week:
        create_week(teams)
        create_improvements(teams["AS"], "southwark", is_large=True)
        create_improvements(teams["CN"], "camden", is_large=False)
        publish_demo()
    return True


def _create_bookings(team: Team, slug: str) -> None:
    """Make one booking of each kind that the guide in the README leads through."""
    inspector, officers = team.inspectors[0], team.officers[:2]
    borough = next(borough for borough in team.boroughs if borough.slug == slug)
    request = build_request(borough, name="Maya", days=9)
    book_and_confirm(request)
    needs = replace(request, name="Joan", email="joan@example.com", needs=("bsl", "step_free"))
    book(replace(needs, preferred_times=preferred_times(25)))
    book(replace(request, name="Ruth", channel=Channel.DISCREET, email="ruth@example.com", pin="402817"))
    book(replace(request, name="Edith", email="edith@example.com", restricted=True))
    times = preferred_times(7)
    anouk = book_and_confirm(replace(request, name="Anouk", email="anouk@example.com", preferred_times=times))
    schedule(anouk, inspector, officers, start_at=london.to_instant(times[0].date, times[0].start))
    grace = book_and_confirm(replace(request, name="Grace", email="grace@example.com"))
    complete_walk(grace, inspector, officers)
    report(
        grace,
        kinds=("lighting", "followed"),
        place="The path behind the station",
        text="The lamps have been out since October.",
        safe_place="The café on the corner",
    )
