"""A week that looks real: requests that wait, offers, walks today and on the next days, answers and reports.

Every row is made now, because the actions read the clock and the history can't be changed. So walks that have ended
began within this hour, and the others are ahead.
"""

import datetime
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice
from typing import Any

from django.utils import timezone

from bookings.manage.team_messages.actions import message_team
from bookings.models.bookings import Booking
from bookings.on_the_day.officer_withdrawal import withdraw_from_walk
from bookings.request_form.booking_request import BookingRequest, RequestedTime
from bookings.scheduling.cancellation.actions import Cancellation, cancel_booking_by_requester, cancel_booking_by_us
from bookings.scheduling.offers.actions import OfferedTime, offer_times
from bookings.scheduling.recurring_walks.actions import RecurringWalkOffer, offer_recurring_walk
from bookings.scheduling.shared_walks.places import accept_place
from bookings.statuses import CancelReason, Channel, DeclineAlternative, DeclineReason
from bookings.triage.claims.actions import add_colleague_note, claim_booking
from bookings.triage.decline.actions import Decline, decline_booking
from boroughs.geography.places import meeting_places
from boroughs.models.bcus import Ward
from devtools.demo.duties import Roster
from devtools.demo.people import Team
from devtools.demo.steps import (
    EVENING,
    PHONE_RULES,
    book_and_confirm,
    book_by_phone,
    build_request,
    complete_walk,
    preferred_times,
    report,
    schedule,
    tell_about_place,
)
from feedback.concerns.actions import Acceptance, accept_concern
from feedback.models.concerns import Concern
from feedback.place_reports.actions import confirm_report
from walkandtalk.lib import london
from walks.models.walks import Walk
from walks.recurring.actions import RecurringWalkDetails, create_recurring_walk

NAMES = (
    *("Amina", "Bronwen", "Chidinma", "Daniela", "Esther", "Faiza", "Georgia", "Hannah", "Iris", "Jaya", "Keisha"),
    *("Lucia", "Mei", "Nadia", "Orla", "Parveen", "Queenie", "Rosa", "Saoirse", "Temi", "Ursula", "Valentina"),
    *("Wanjiru", "Yasmin", "Zofia", "Abigail", "Beatriz", "Claire", "Dilara", "Eleni"),
)
ROUTES = (
    "Along the main road to the bus garage, then past the estate",
    "From the station to the park gates and back",
    "The underpass, and the footbridge over the railway",
    "The high street, and the alley behind the library",
    "",
)
STARTS_TODAY = tuple(datetime.time(hour) for hour in (15, 17, 19, 21))
SOON = datetime.timedelta(hours=2)
"""Longer than the officers of a walk that has just ended are kept free."""
FULL_WEEK = ("AS", "CN")
"""The teams whose work people look at first. The others have a few bookings each."""
CONCERNS = (
    (
        ("lighting", "sightlines"),
        "The footpath beside the railway",
        "Three lamps in a row are out.",
    ),
    (
        ("stop_or_station",),
        "The bus stop outside the library",
        "The shelter has no light at all.",
    ),
    (
        ("verbal_group", "gathering"),
        "The steps down to the canal",
        "Men sit there and shout at women who pass.",
    ),
    (("overgrown",), "The cut-through by the allotments", "The hedge covers half of the path."),
)


def create_week(teams: dict[str, Team]) -> None:
    names = cycle(NAMES)
    for place, (code, team) in enumerate(sorted(teams.items())):
        week = TeamWeek(team, names, place)
        week.create_usual()
        if code in FULL_WEEK:
            week.create_more()


class TeamWeek:
    """One team's bookings, and what its inspectors and officers do with them."""

    def __init__(self, team: Team, names: Iterator[str], place: int) -> None:
        self.team = team
        self.names = names
        self.inspector, self.colleague = team.inspectors[0], team.inspectors[-1]
        self.roster = Roster(team)
        self.wards = cycle(_wards(team))
        self.concerns = islice(cycle(CONCERNS), place, None)
        self.routes = islice(cycle(ROUTES), place, None)

    def create_usual(self) -> None:
        """Make what every team has: duties, requests that wait, a walk today and one on a later day."""
        self.roster.enter_duties()
        self.walk(self.ring(_days_ahead(_later_today()), start=_later_today().time()), _later_today())
        self.ask(days=6)
        self.arrange(days=8, start=EVENING)

    def create_more(self) -> None:
        self.create_requests()
        self.create_walks()
        self.create_ends()
        self.create_recurring_walk()
        self.create_reports_without_walks()

    def create_reports_without_walks(self) -> None:
        """Let three women tell us about places, one in each channel."""
        borough = self.team.boroughs[0]
        for channel in (Channel.FULL, Channel.DISCREET, Channel.NONE):
            kinds, place, text = next(self.concerns)
            email = f"{next(self.names).lower()}.place@example.com"
            report = tell_about_place(borough, channel=channel, email=email, kinds=kinds, place=place, text=text)
            confirm_report(report.contact)

    def create_requests(self) -> None:
        mine, theirs = self.ask(days=10), self.ask(days=12, start=datetime.time(20))
        claim_booking(mine, by=self.inspector, claimed_by_id=None)
        claim_booking(theirs, by=self.colleague, claimed_by_id=None)
        add_colleague_note(mine, by=self.inspector, note="Rang her at 4pm. She prefers the side entrance.")
        message_team(theirs, words="Could we start at the library instead? It’s nearer for my sister.")
        self.ask(days=24, needs=("bsl",))
        self.ask(days=9, needs=("step_free", "slower"), needs_details="I use a stick, and I rest every ten minutes.")
        self.ring(2, start=EVENING)
        offered = self.ask(days=11)
        times = [
            OfferedTime(
                start_at=_at(day, datetime.time(17, 30)), place=f"Near {meeting_places(offered.borough.gss)[0]}"
            )
            for day in (13, 14)
        ]
        offer_times(offered, by=self.inspector, version=offered.version, times=times)

    def create_walks(self) -> None:
        self.arrange(days=6, start=datetime.time(17))
        self.arrange(days=7, start=datetime.time(20))
        tomorrow = self.ring(1, start=EVENING)
        self.walk(tomorrow, _at(1, EVENING))
        short = self.ring(3, start=datetime.time(19))
        walk = self.walk(short, _at(3, datetime.time(19)))
        withdraw_from_walk(walk, by=walk.live_officers()[1])

    def create_ends(self) -> None:
        declined = self.ask(days=5)
        decline = Decline(
            reason=DeclineReason.UNSAFE_PLACE,
            alternatives=(DeclineAlternative.OTHER_TIME,),
            message="The towpath is closed after dark. We’d gladly walk the road beside it with you.",
        )
        decline_booking(declined, decline, by=self.inspector, version=declined.version)
        ours = self.arrange(days=9, start=datetime.time(18))
        ours.refresh_from_db()
        cancellation = Cancellation(reason=CancelReason.ILLNESS, message="We’re sorry. Ask again, and you come first.")
        cancel_booking_by_us(ours, cancellation, by=self.inspector, version=ours.version)
        cancel_booking_by_requester(self.arrange(days=10, start=datetime.time(18)))
        self.complete(minutes=3)
        acceptance = Acceptance(owner=self.colleague, review_date=london.today() + datetime.timedelta(days=14))
        accept_concern(self.complete(minutes=4), acceptance, by=self.inspector)

    def complete(self, *, minutes: int) -> Concern:
        """Make a walk that has ended, and return the first concern of her report."""
        booking = self.ask(days=5)
        officers = self.roster.choose(timezone.now() + datetime.timedelta(minutes=minutes))
        complete_walk(booking, self.inspector, officers, minutes=minutes)
        kinds, place, text = next(self.concerns)
        concern: Concern = report(booking, kinds=kinds, place=place, text=text).concerns.all()[0]
        return concern

    def create_recurring_walk(self) -> None:
        station = meeting_places(self.team.boroughs[-1].gss)[0]
        plan = RecurringWalkDetails(
            weekday=3,
            start=datetime.time(19),
            minutes=60,
            area=f"Near {station}",
            meeting_place=f"{station}, main entrance",
            finish_place="Back at the start",
            duty_number=self.team.bcu.duty_number,
            capacity=4,
            from_date=london.today(),
            until_date=None,
        )
        recurring_walk = create_recurring_walk(by=self.inspector, plan=plan, officers=self.team.officers[-2:])
        date = next(
            recurring_walk.dates(
                london.today() + datetime.timedelta(days=4), london.today() + datetime.timedelta(days=11)
            )
        )
        joining, asked = self.ask(days=6), self.ask(days=7)
        offer = RecurringWalkOffer(recurring_walk=recurring_walk, date=date)
        for booking in (joining, asked):
            offer_recurring_walk(booking, offer, by=self.inspector, version=booking.version)
        accept_place(joining, offer=joining.offers.open()[0].pk)

    # --- What the others are made of

    def ask(self, *, days: int, start: datetime.time = EVENING, **answers: Any) -> Booking:
        return book_and_confirm(replace(self.request(days, start), **answers))

    def ring(self, days: int, *, start: datetime.time) -> Booking:
        """Make a booking for a requester who rings, because it is too soon to ask for online."""
        at = RequestedTime(date=london.today() + datetime.timedelta(days=days), start=start)
        asked = replace(self.request(days, start), preferred_times=(at,), phone="07700 900456", phone_rules=PHONE_RULES)
        return book_by_phone(asked, by=self.inspector)

    def arrange(self, *, days: int, start: datetime.time) -> Booking:
        booking = self.ask(days=days, start=start)
        self.walk(booking, _at(days, start))
        return booking

    def walk(self, booking: Booking, start_at: datetime.datetime) -> Walk:
        return schedule(booking, self.inspector, self.roster.choose(start_at), start_at=start_at)

    def request(self, days: int, start: datetime.time) -> BookingRequest:
        name, ward = next(self.names), next(self.wards)
        request = build_request(ward.borough, name=name, days=days, start=start)
        return replace(
            request,
            ward_gss=ward.gss,
            meeting_place=f"{meeting_places(ward.borough.gss, ward.gss)[0]}, main entrance",
            preferred_times=preferred_times(days, start),
            email=f"{name.lower()}.{self.team.bcu.code.lower()}@example.com",
            route=next(self.routes),
        )


def _wards(team: Team) -> list[Ward]:
    """Return a few wards, from each of the boroughs in turn."""
    by_borough = [list(borough.wards.select_related("borough").order_by("gss")[2:20:4]) for borough in team.boroughs]
    return [ward for several in zip(*by_borough, strict=False) for ward in several]


def _at(days: int, start: datetime.time) -> datetime.datetime:
    return london.to_instant(london.today() + datetime.timedelta(days=days), start)


def _later_today() -> datetime.datetime:
    """Return the start of the next walk in London time: today, or tomorrow morning if the day is nearly over."""
    now = timezone.now()
    days = [(day, start) for day in (0, 1) for start in STARTS_TODAY]
    return london.local(next(at for day, start in days if (at := _at(day, start)) > now + SOON))


def _days_ahead(moment: datetime.datetime) -> int:
    return (moment.date() - london.today()).days
