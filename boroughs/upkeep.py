"""Things that an administrator has to look after: texts nobody has checked, BCUs and officers that lack something."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, Func, Model, OuterRef, Q, QuerySet, Value

from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import RANKS_WITH_SHOULDER_NUMBER, Officer, without_acting_nominated_inspector
from boroughs.models.texts import HelpContact, Statement
from boroughs.placeholders import EXAMPLE_ADDRESS, EXAMPLE_NUMBER

CHECK_EVERY = datetime.timedelta(days=365)
"""Someone checks each text and each number at least once a year."""
UNUSED_AFTER = datetime.timedelta(days=90)
MOST_OF_A_KIND = 10

Role = Officer.Role


@dataclass(frozen=True)
class Duty:
    """A kind of thing to put right: which rows lack it, and what to do."""

    title: str
    what_to_do: str
    rows: QuerySet[Any]

    @property
    def model(self) -> type[Model]:
        return self.rows.model


@dataclass(frozen=True)
class Finding:
    """The rows that need the same, at most ten of them."""

    duty: Duty
    rows: list[Any]
    has_more: bool


def needs_check(now: datetime.datetime) -> Q:
    """Return the condition of texts that nobody is responsible for, or that nobody has checked for a year."""
    return Q(owner="") | Q(checked_on=None) | Q(checked_on__lt=(now - CHECK_EVERY).date())


def with_example_contacts(bcus: "QuerySet[BoroughCommandUnit]") -> "QuerySet[BoroughCommandUnit]":
    """Return those whose team can't be reached, because the inbox or the duty number is an example or empty."""
    digits = Func(F("duty_number"), Value(r"\D"), Value(""), Value("g"), function="regexp_replace")
    rows = bcus.annotate(digits=digits)
    return rows.filter(Q(inbox__iregex=EXAMPLE_ADDRESS) | Q(digits__regex=EXAMPLE_NUMBER) | Q(inbox="") | Q(digits=""))


def duties(now: datetime.datetime) -> list[Duty]:
    """Return everything an administrator looks after, the most urgent first."""
    bcus, can_sign_in = BoroughCommandUnit.objects.order_by("name"), Officer.objects.filter(is_active=True)
    inspectors = Count("officers", filter=Q(officers__role=Role.INSPECTOR, officers__is_active=True), distinct=True)
    leading = Count("officers", filter=Q(officers__in=Officer.objects.all_who_lead_walks()), distinct=True)
    cannot_be_checked = Q(leads_walks=True, shoulder_number="", rank__in=RANKS_WITH_SHOULDER_NUMBER)
    administrators = can_sign_in.filter(role=Role.ADMINISTRATOR)
    return [
        Duty(
            "Only one administrator",
            "Changes that need two administrators wait. "
            "Ask the people who run the server to add another one (manage.py createsuperuser).",
            administrators.exclude(Exists(administrators.exclude(pk=OuterRef("pk")))),
        ),
        Duty(
            "No inspector",
            "Nobody can answer their requests. Add an inspector to each.",
            bcus.annotate(inspectors=inspectors).filter(inspectors=0),
        ),
        Duty(
            "Too few officers lead walks",
            "They have fewer than one walk needs. Ask their inspectors who leads walks.",
            bcus.annotate(leading=leading).filter(leading__lt=F("min_officers")),
        ),
        Duty(
            "No nominated inspector",
            "Choose who decides on requests that women keep from this BCU. Until then, a fixed rule decides.",
            without_acting_nominated_inspector(bcus),
        ),
        Duty(
            "Inbox or duty number still an example",
            "Nobody reads or answers it, so the BCU takes no requests. Propose the team’s own.",
            with_example_contacts(bcus),
        ),
        Duty(
            "Statements to check",
            "Each needs an owner. Ask them once a year whether it’s right, then press “I’ve checked this today”.",
            Statement.objects.filter(needs_check(now)).order_by("pk"),
        ),
        Duty(
            "Help contacts to check",
            "Each needs an owner. Ring or open it once a year, then press “I’ve checked this today”.",
            HelpContact.objects.filter(needs_check(now)).order_by("position", "name"),
        ),
        Duty(
            "No shoulder number",
            "A woman who rings 101 can’t check that they are officers.",
            can_sign_in.filter(cannot_be_checked).order_by("name", "pk"),
        ),
        Duty(
            "Haven’t signed in for 90 days",
            "If someone has left, close their account.",
            can_sign_in.filter(last_login__lt=now - UNUSED_AFTER).order_by("last_login", "pk"),
        ),
    ]


def find_upkeep(now: datetime.datetime) -> Iterator[Finding]:
    """Yield the duties for which something was found. One query for each."""
    for duty in duties(now):
        rows = list(duty.rows[: MOST_OF_A_KIND + 1])
        if rows:
            yield Finding(duty, rows[:MOST_OF_A_KIND], has_more=len(rows) > MOST_OF_A_KIND)


def upkeep_rows(now: datetime.datetime) -> list[QuerySet[Any]]:
    """Return the rows of each duty, to count them."""
    return [duty.rows for duty in duties(now)]
