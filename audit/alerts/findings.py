"""Findings: what an auditor is told of at once, and the counts of her daily digest."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.db.models.functions import TruncDate

from accounts.models import AdminLog, SecurityEvent, SecurityEventKind
from audit import looks
from audit.lookalikes import find_lookalikes
from audit.periods import single_day
from audit.unusual import unusual_days
from bookings.models.events import Event
from bookings.models.read_log import ReadLog
from bookings.statuses import CREDENTIAL_EVENT_KINDS, FREEZE_EVENT_KINDS
from boroughs.models.officers import Officer
from feedback.conduct.emails import messages_to_standards
from outbox.statuses import UNDELIVERED
from walkandtalk.lib import london

ALERT_WITHIN = datetime.timedelta(days=7)
"""For how long a job looks back, so that a stack that was down for days still tells."""

ORDINARY_KINDS = frozenset(
    {
        SecurityEventKind.SIGNED_IN,
        SecurityEventKind.SIGNED_OUT,
        SecurityEventKind.SESSION_ENDED,
        SecurityEventKind.FEED_MADE,
        SecurityEventKind.SIGN_IN_FAILED,
        SecurityEventKind.PASSWORD_CHANGED,
        SecurityEventKind.NOT_AVAILABLE,
        SecurityEventKind.AVAILABLE_AGAIN,
        SecurityEventKind.FORCE_ACCOUNT_CONNECTED,
        SecurityEventKind.FORBIDDEN,
        SecurityEventKind.LIMIT_REACHED,
        SecurityEventKind.SEARCHED,
        SecurityEventKind.SEARCHED_BY_NAME,
        # Two administrators made these, and a message with all of it went to the auditor (`send_powers_changed`).
        SecurityEventKind.PROPOSAL_AGREED,
        SecurityEventKind.ROLE_CHANGED,
        SecurityEventKind.EMAIL_CHANGED,
        SecurityEventKind.WALKS_ALLOWED,
        SecurityEventKind.WALKS_FORBIDDEN,
        SecurityEventKind.REACTIVATED,
        SecurityEventKind.FACTOR_RESET,
        SecurityEventKind.NOMINATED,
        SecurityEventKind.TEAM_CONTACT_CHANGED,
        SecurityEventKind.BOROUGH_MOVED,
        SecurityEventKind.PARTNER_CONTACT_CHANGED,
        SecurityEventKind.WALK_CHECKED,
        SecurityEventKind.WALK_CHECK_FAILED,
    }
)
"""Lines of the security log that need no message. A new kind is told of until someone decides otherwise."""
FREQUENT_KINDS = frozenset(
    {
        SecurityEventKind.ACCOUNT_CHANGED,
        SecurityEventKind.FACTOR_ADDED,
        SecurityEventKind.FACTOR_REMOVED,
        SecurityEventKind.INVITED,
        SecurityEventKind.PROPOSED,
        SecurityEventKind.PROPOSAL_REFUSED,
        SecurityEventKind.RECOVERY_CODES_MADE,
        SecurityEventKind.RESET_ASKED,
        SecurityEventKind.SIGN_IN_REFUSED,
    }
)
"""Lines that anyone can make many of. They wait for all others, so that a flood of them delays nothing grave."""
VETTING_KINDS = frozenset({SecurityEventKind.KEPT_OFF_WALKS, SecurityEventKind.ALLOWED_ON_WALKS})
"""Told without the officer's name and the reason, because others look after the mail server."""


FAILED_CHECKS_OF_A_BOOKING, FAILED_CHECKS_OF_A_PERSON = 5, 10
"""The checks of officers in a day that were answered no: of one booking, or by one person in a control room."""


BATCH_KINDS = frozenset(
    {SecurityEventKind.PEOPLE_IMPORTED, SecurityEventKind.PEOPLE_CHANGED, SecurityEventKind.PROPOSAL_AGREED}
)
"""Lines that say how many accounts one press changed."""

OF_A_BATCH = frozenset(
    {
        SecurityEventKind.ACCOUNT_CREATED,
        SecurityEventKind.BCU_CHANGED,
        SecurityEventKind.INVITED,
    }
)
"""Lines about each account of a batch. The message about the batch leads to them, so they make none of their own.

A closed account, an ended nomination and another name are never among them: nobody can hide one in a batch.
"""
CHANGED_SETTINGS = frozenset(
    {SecurityEventKind.PARTNER_CHANGED, SecurityEventKind.TEAM_RULES_CHANGED, SecurityEventKind.TEXT_CHANGED}
)
"""Changes of which the report on the administration has the fields."""
NEW_IDENTITIES = frozenset(
    {
        SecurityEventKind.ACCOUNT_CREATED,
        SecurityEventKind.ACCOUNT_CHANGED,
        SecurityEventKind.REACTIVATED,
        SecurityEventKind.WALKS_ALLOWED,
    }
)
"""Lines after which an account may be a second one of someone kept off walks."""


@dataclass(frozen=True)
class Finding:
    key: str
    """Names one line of a log, or a person and a day. Never an address or a reference."""
    what: str
    at: datetime.datetime
    who: str = ""
    whose: str = ""
    """Whose account it is about, if that is someone else."""
    more: str = ""
    address: str = ""
    """What follows the address of the audit pages."""
    can_wait: bool = False


@dataclass(frozen=True)
class Count:
    """One line of the digest."""

    label: str
    number: int
    address: str


def findings(now: datetime.datetime) -> list[Finding]:
    """Return what happened within the last days, told of or not. A message's key sorts out what is new."""
    since = now - ALERT_WITHIN
    return [
        *_from_security_log(since),
        *_forbidden_looks(since),
        *_unusual_today(now),
        *_failed_checks(since),
        *_failed_checks_by_one_person(since),
        *_lookalikes(since),
        *_lost_on_the_way_to_standards(since),
    ]


def by_importance(found: Sequence[Finding]) -> list[Finding]:
    """Put frequent kinds last, and otherwise take turns: the first of each kind and person, then the second of each."""
    turns: Counter[tuple[str, str]] = Counter()

    def turn(finding: Finding) -> tuple[bool, int]:
        turns[finding.what, finding.who] += 1
        return finding.can_wait, turns[finding.what, finding.who]

    return sorted(found, key=turn)


def _from_security_log(since: datetime.datetime) -> Iterable[Finding]:
    rows = SecurityEvent.objects.filter(at__gt=since).exclude(kind__in=ORDINARY_KINDS)
    batches = SecurityEvent.objects.filter(kind__in=BATCH_KINDS, request_id__isnull=False, at__gt=since)
    rows = rows.exclude(kind__in=OF_A_BATCH, request_id__in=batches.values("request_id"))
    for event in rows.select_related("officer__bcu", "subject__bcu").order_by("at", "pk"):
        is_refusal = event.kind == SecurityEventKind.SIGN_IN_REFUSED
        is_vetting = event.kind in VETTING_KINDS
        account = event.subject or event.officer
        if is_refusal and account is None:
            continue  # nobody has this name
        hour = f"{london.local(event.at):%Y-%m-%d-%H}"
        yield Finding(
            # Whoever tries a thousand passwords makes one message an hour.
            key=f"refused-{account.pk}-{hour}" if is_refusal and account is not None else f"security-{event.pk}",
            what=event.get_kind_display(),
            at=event.at,
            who=_in_words(event.officer),
            whose=_in_words(event.subject) if event.subject_id != event.officer_id and not is_vetting else "",
            more=_more(event),
            address=_address(event),
            can_wait=event.kind in FREQUENT_KINDS,
        )


def _address(event: SecurityEvent) -> str:
    if event.kind in VETTING_KINDS:
        return "vetting/"
    day = london.local(event.at).date()
    if event.kind in CHANGED_SETTINGS:
        return f"reports/administration/?period={day}"
    if event.kind == SecurityEventKind.WALK_CHECK_CLOSED:
        return f"security/?kind={SecurityEventKind.WALK_CHECK_FAILED.value}&day={day}"
    return f"security/?day={day}" if event.kind in BATCH_KINDS else ""


def _more(event: SecurityEvent) -> str:
    """Return the reason, how many accounts a batch has, or the row whose settings changed."""
    if event.kind in VETTING_KINDS:
        return ""
    if event.kind in CHANGED_SETTINGS:
        return event.change
    if event.kind not in BATCH_KINDS:
        return event.reason
    accounts = "1 account or team" if event.count == 1 else f"{event.count} accounts or teams"
    return f"{accounts}, each with a line of its own in the security log. {event.reason}".strip()


def _forbidden_looks(since: datetime.datetime) -> Iterable[Finding]:
    rows: QuerySet[ReadLog] = looks.forbidden(ReadLog.objects.filter(at__gt=since))
    for look in rows.select_related("officer__bcu").order_by("at", "pk"):
        yield Finding(
            key=f"look-{look.pk}",
            what="A look at a restricted booking by someone who should not be able to",
            at=look.at,
            who=_in_words(look.officer),
            address=f"?booking={look.booking_id}",
        )


def _unusual_today(now: datetime.datetime) -> Iterable[Finding]:
    day = london.local(now).date()
    for each in unusual_days(ReadLog.objects.all(), single_day(day)):
        yield Finding(
            key=f"unusual-{each.officer.pk}-{day}",
            what="Unusually many bookings opened in a day",
            at=now,
            who=_in_words(each.officer),
            more=f"{each.count} bookings so far. {each.compared}.",
            address=f"?person={each.officer.pk}&day={day}",
        )


def _failed_checks(since: datetime.datetime) -> Iterable[Finding]:
    """Yield the bookings whose officers were checked with the wrong words many times in a day."""
    for booking, day, number, last in _failed_by_day("booking_id", since, at_least=FAILED_CHECKS_OF_A_BOOKING):
        yield Finding(
            key=f"checks-{booking}-{day}",
            what="Many checks of one walk’s officers with the wrong words",
            at=last,
            more=f"{number} so far on {london.long_date(day)}.",
            address=f"?booking={booking}",
        )


def _failed_checks_by_one_person(since: datetime.datetime) -> Iterable[Finding]:
    rows = list(_failed_by_day("officer", since, at_least=FAILED_CHECKS_OF_A_PERSON))
    people = Officer.objects.select_related("bcu").in_bulk([person for person, *_rest in rows])
    for person, day, number, last in rows:
        yield Finding(
            key=f"checks-by-{person}-{day}",
            what="Many checks of officers that were answered no",
            at=last,
            who=_in_words(people[person]),
            more=f"{number} so far on {london.long_date(day)}.",
            address=f"security/?kind={SecurityEventKind.WALK_CHECK_FAILED.value}&day={day}",
        )


def _lookalikes(since: datetime.datetime) -> Iterable[Finding]:
    """Yield accounts that may be of someone kept off walks, by no name: others look after the mail server."""
    rows = SecurityEvent.objects.filter(kind__in=NEW_IDENTITIES, subject__isnull=False, at__gt=since)
    events = list(rows.select_related("subject").order_by("at", "pk"))
    alike = {each.account.pk for each in find_lookalikes(event.subject for event in events if event.subject)}
    for event in events:
        if event.subject_id in alike:
            yield Finding(
                key=f"lookalike-{event.kind}-{event.subject_id}-{london.local(event.at).date()}",
                what="An account that may be of someone kept off walks",
                at=event.at,
                address="vetting/",
            )


def _lost_on_the_way_to_standards(since: datetime.datetime) -> Iterable[Finding]:
    """Yield messages that professional standards did not receive. Nobody else would notice, and nobody reads them."""
    lost = messages_to_standards().filter(state__in=UNDELIVERED, resolved_at=None, created_at__gt=since)
    for message in lost.only("created_at").order_by("number"):
        yield Finding(
            key=f"standards-{message.pk}",
            what="A message to professional standards did not arrive",
            at=message.created_at,
            more="It’s sent again each day. Ask those who run the service whether CONDUCT_INBOX is right.",
        )


def _failed_by_day(
    about: str, since: datetime.datetime, *, at_least: int
) -> Iterable[tuple[Any, datetime.date, int, datetime.datetime]]:
    """Return the booking or the person, the day in London, the number of checks answered no, and the last of them."""
    failed = SecurityEvent.objects.filter(kind=SecurityEventKind.WALK_CHECK_FAILED, at__gt=since)
    by_day = failed.exclude(**{about: None}).values(about, day=TruncDate("at", tzinfo=london.LONDON)).order_by()
    counted = by_day.annotate(number=models.Count("pk"), last=models.Max("at")).filter(number__gte=at_least)
    rows: Iterable[tuple[Any, datetime.date, int, datetime.datetime]]
    rows = counted.values_list(about, "day", "number", "last")
    return rows


def _in_words(officer: Officer | None) -> str:
    if officer is None:
        return ""
    return f"{officer.display_name}, {officer.bcu.name}" if officer.bcu is not None else officer.display_name


def counts_of(day: datetime.date) -> list[Count]:
    """Count what each report and the security log say of one day."""
    period = single_day(day)
    shown = looks.in_period(ReadLog.objects.all(), period)
    events = Event.objects.filter(at__gte=period.since, at__lt=period.until)
    changes = AdminLog.objects.filter(action_time__gte=period.since, action_time__lt=period.until)
    security = SecurityEvent.objects.filter(at__gte=period.since, at__lt=period.until)
    numbers = {
        "unassigned": ("Looks without a claim or a walk", looks.unexplained(shown).count()),
        "out-of-hours": ("Looks out of hours", looks.out_of_hours(shown).count()),
        "unusual": ("People with unusually many bookings", len(unusual_days(ReadLog.objects.all(), period))),
        "restricted": ("Looks at restricted bookings", looks.of_restricted_bookings(shown).count()),
        "credentials": ("Changes to PINs and addresses", events.filter(kind__in=CREDENTIAL_EVENT_KINDS).count()),
        "freezes": ("Freezes, and freezes lifted", events.filter(kind__in=FREEZE_EVENT_KINDS).count()),
        "administration": ("Changes on administrators’ pages", changes.count()),
    }
    reports = [Count(label, number, f"reports/{code}/?period={day}") for code, (label, number) in numbers.items()]
    by_name = SecurityEventKind.SEARCHED_BY_NAME
    told = security.exclude(kind__in=ORDINARY_KINDS).count()
    searches = f"security/?kind={by_name.value}&day={day}"
    failed = SecurityEventKind.WALK_CHECK_FAILED
    return [
        *reports,
        Count(
            "Checks by a control room that were answered no",
            security.filter(kind=failed).count(),
            f"security/?kind={failed.value}&day={day}",
        ),
        Count(
            "Searches by name or place, beyond a person’s own bookings", security.filter(kind=by_name).count(), searches
        ),
        Count("Lines of the security log that we told you of", told, f"security/?day={day}"),
    ]


def count_looks(day: datetime.date) -> int:
    return looks.in_period(ReadLog.objects.all(), single_day(day)).count()


def previous_day(now: datetime.datetime) -> datetime.date:
    return london.local(now).date() - datetime.timedelta(days=1)
