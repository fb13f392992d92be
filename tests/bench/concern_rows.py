"""Concerns, improvements, referrals and places for `tests.bench.concerns`, which imports this once Django is set up.

The rows are made in bulk and differ as real ones do: some places have hundreds of concerns, most have a few; most
concerns have ended, and those of long ago are erased. The same numbers give the same rows in every run.
"""

import datetime
import uuid
from dataclasses import dataclass, field
from itertools import islice
from random import Random

from django.db import transaction
from django.utils import timezone

from bookings.models.bookings import Booking
from boroughs import taxonomy
from boroughs.geography.places import meeting_places
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from feedback.models.concerns import Concern, Report
from feedback.models.contacts import KEEP_CONTACT, ReportContact
from feedback.models.events import FOLLOW_UP_AFTER, ConcernEvent, ConcernEventTexts, FollowUpQuestion
from feedback.models.improvements import Improvement, ImprovementEvent, ImprovementEventTexts
from feedback.models.places import ReportedPlace
from feedback.models.referrals import Referral, ReferralAnswer
from feedback.statuses import ACTIVE_STATES, CLOSED_STATES, RESOLVED_STATES, UNSETTLED_STATES, PartnerAnswer, State
from partners.models.partners import Partner

BATCH_SIZE = 2_000
BUSIEST = "AS"
"""The BCU whose pages are measured. It has all rows at first, so that its pages are full at both sizes."""
INSPECTORS = 3
KEPT = datetime.timedelta(days=3 * 365)
NEWS_ENDED = datetime.timedelta(days=100)
"""After so long we no longer know how to reach someone whose concerns have ended."""
DAY = datetime.timedelta(days=1)
WORDS = "The light has been out for weeks, and I cross the road there. " * 3
OWN_STATES = [*["to check"] * 3, *["accepted"] * 3, *["improvement"] * 40, *["ended"] * 54]
"""Of a hundred concerns: those to check, those accepted, those of an improvement, and those that ended alone."""
OPEN_IMPROVEMENTS = [State.ACCEPTED, State.REFERRED, State.REFERRED, State.PLANNED, State.IN_PROGRESS]
ENDED_IMPROVEMENTS = [State.RESOLVED, State.RESOLVED, State.PARTLY_RESOLVED, State.NO_ACTION, State.NOT_OURS]


@dataclass
class Team:
    """What concerns of a BCU point to."""

    unit: BoroughCommandUnit
    inspectors: list[Officer]
    bookings: list[tuple]
    places: list[ReportedPlace] = field(default_factory=list)
    improvements: list[Improvement] = field(default_factory=list)
    ended: list[Improvement] = field(default_factory=list)


def make_teams():
    units = list(BoroughCommandUnit.objects.order_by("-code").prefetch_related("boroughs__wards"))
    lead = Officer.objects.filter(role=Officer.Role.LEAD).first()
    return [Team(unit, _inspectors(unit), []) for unit in units], lead


def _inspectors(unit):
    known = list(Officer.objects.filter(bcu=unit, role=Officer.Role.INSPECTOR, is_active=True))
    more = (
        Officer(
            email=f"inspector{number}.{unit.code}@bench.example.com",
            name=f"Ada Bench {number}",
            shoulder_number=f"9{number}{unit.code}",
            bcu=unit,
            role=Officer.Role.INSPECTOR,
            password="!",
        )
        for number in range(INSPECTORS)
    )
    return known + Officer.objects.bulk_create(more)


def add_places(team, number):
    """Add places 110 metres and more apart, around the public places of its boroughs."""
    there = [
        (borough, place) for borough in team.unit.boroughs.all() for place in meeting_places(borough.gss, limit=40)
    ]
    known = {(place.lat, place.lon) for place in team.places}
    chosen, rows = Random(team.unit.code), []
    while len(rows) < number:
        borough, place = chosen.choice(there)
        at = (
            round(place.lat + chosen.randint(-9, 9) / 1000, 3),
            round(place.lon + chosen.randint(-9, 9) / 1000, 3),
        )
        if at not in known:
            known.add(at)
            rows.append(ReportedPlace(bcu=team.unit, borough=borough, lat=at[0], lon=at[1], name=f"Near {place}"))
    team.places += ReportedPlace.objects.bulk_create(rows)


def find_bookings(team):
    """Let concerns be about the completed walks of this team."""
    done = Booking.objects.filter(bcu=team.unit, status="completed").order_by("-asked_at")
    team.bookings = list(done.values_list("pk", "walk")[:5_000])


def add_improvements(team, numbers, lead):
    """Add improvements in all states, each at a place. The first is for everyone at the busiest place."""
    now, partners = timezone.now(), list(Partner.objects.all())
    rows, events, texts, referrals, answers = [], [], [], [], []
    for number in numbers:
        chosen = Random(f"improvement {team.unit.code} {number}")
        state = chosen.choice(OPEN_IMPROVEMENTS if number < 100 or number % 10 == 0 else ENDED_IMPROVEMENTS)
        state = State.IN_PROGRESS if number == 0 else state
        place, owner = team.places[number % len(team.places)], chosen.choice(team.inspectors)
        made_at = now - chosen.randint(1, 90 if state in ACTIVE_STATES else 1_000) * DAY
        is_done, is_referred = state in RESOLVED_STATES, number % 4 or state in (State.REFERRED, State.NOT_OURS)
        improvement = Improvement(
            bcu=team.unit,
            borough=place.borough,
            place=place,
            where=place.name,
            change=f"Lamp column {number} mended",
            kind=chosen.choice(KINDS),
            light="dark",
            state=state,
            owner=owner,
            made_by=owner,
            made_at=made_at,
            review_date=(now + chosen.randint(-3, 60) * DAY).date(),
            done_date=made_at.date() if is_done else None,
            partner=chosen.choice(partners) if is_referred else None,
            public_words="Women told us it was dark. The light works again." if number % 2 else "",
            words_by=owner if number % 2 else None,
            approved_by=lead if number % 4 == 3 else None,
            approved_at=made_at if number % 4 == 3 else None,
        )
        rows.append(improvement)
        for to, words in ((State.ACCEPTED, ""), (state, "We’re having it mended.")):
            event = ImprovementEvent(improvement=improvement, at=made_at, by=owner, to_state=to)
            events.append(event)
            texts += [ImprovementEventTexts(event=event, to_requesters=words)] if words else []
        if is_referred:
            referral, answer = _referral(improvement, chosen)
            referrals.append(referral)
            answers += [answer] if answer else []
    for model, made in (
        (Improvement, rows),
        (ImprovementEvent, events),
        (ImprovementEventTexts, texts),
        (Referral, referrals),
        (ReferralAnswer, answers),
    ):
        model.objects.bulk_create(made, batch_size=BATCH_SIZE)
    team.improvements += rows
    team.ended = [each for each in team.improvements if each.state in CLOSED_STATES]


def _referral(improvement, chosen):
    """Return a referral that waits, was answered, was not delivered, is silent or has ended, and its answer."""
    answer = chosen.choice(["", "", *PartnerAnswer])
    has_ended = improvement.state in CLOSED_STATES
    referral = Referral(
        improvement=improvement,
        number=1,
        partner=improvement.partner,
        words="Please mend it.",
        sent_by=improvement.owner,
        sent_at=improvement.made_at,
        answer=answer,
        has_news=bool(answer) and answer != PartnerAnswer.RECEIVED and not has_ended,
        answer_due_on=(timezone.now() + chosen.randint(-1, 60) * DAY).date(),
        undelivered_at=improvement.made_at if not answer and chosen.random() < 0.05 else None,
        ended_at=improvement.made_at + DAY if has_ended else None,
    )
    said = answer and ReferralAnswer(referral=referral, at=referral.sent_at, answer=answer, answered_by="link")
    return referral, said or None


# --- Concerns ---------------------------------------------------------------------------------------------------------


def add_concerns(team, numbers, *, most_are_old=False):
    """Add concerns, two to a report. Three in four reports are of someone who asked for no walk."""
    rows = (each for number in numbers[::2] for each in _told_together(team, number, most_are_old=most_are_old))
    while batch := list(islice(rows, BATCH_SIZE)):
        _save(batch)


def _told_together(team, number, *, most_are_old):
    chosen = Random(f"report {team.unit.code} {number}")
    now, borough = timezone.now(), chosen.choice(list(team.unit.boroughs.all()))
    kinds = [chosen.choice(OWN_STATES) for _each in range(2)]
    ended = all(kind == "ended" for kind in kinds)
    reported_at = now - chosen.uniform(1, 4 * 365 if ended else 300) * DAY
    booking, walk = chosen.choice(team.bookings) if number % 8 == 0 and team.bookings else (None, None)
    report = Report(
        submission=uuid.UUID(int=chosen.getrandbits(128)),
        booking_id=booking,
        walk_id=walk,
        borough=borough,
        ward=chosen.choice(list(borough.wards.all())),
        person_key=uuid.UUID(int=Random(f"woman {team.unit.code} {number // 6}").getrandbits(128)),
        reported_at=reported_at,
        is_confirmed=True,
        before=2,
        after=3,
    )
    told = [_concern(team, report, kind, chosen, now, most_are_old=most_are_old) for kind in kinds]
    has_ended = all(concern.state not in UNSETTLED_STATES for concern, *_others in told)
    contact = None if booking else _contact(report, now - (NEWS_ENDED if has_ended else KEEP_CONTACT))
    yield report, contact, *told[0]
    yield report, None, *told[1]


def _contact(report, kept_since):
    is_old = report.reported_at < kept_since
    email = f"{report.pk.hex}@example.org"
    return ReportContact(
        report=report,
        channel="full",
        language="en",
        email="" if is_old else email,
        email_hmac="" if is_old else report.pk.hex,
        confirmed_at=None if is_old else report.reported_at,
        erased_at=report.reported_at + KEEP_CONTACT if is_old else None,
        **({"reference": None} if is_old else {}),
    )


def _concern(team, report, kind, chosen, now, *, most_are_old):
    """Return a concern, its event, the texts of the event, and a follow-up question."""
    place = team.places[
        0 if chosen.random() < (0.02 if most_are_old else 0.1) else int(len(team.places) * chosen.random() ** 2)
    ]
    improvement, owner, erased = None, chosen.choice(team.inspectors), report.reported_at < now - KEPT
    match kind:
        case "to check":
            state, owner = chosen.choice([State.REPORTED, State.SCREENING]), chosen.choice([owner, None])
        case "accepted":
            state = State.ACCEPTED
        case "improvement":
            improvement = _improvement_at(team, place, chosen, most_are_old=most_are_old)
            state, owner = improvement.state, improvement.owner
        case _:
            state = chosen.choice([State.RESOLVED, State.PARTLY_RESOLVED, State.NO_ACTION, State.WITHDRAWN])
            state = State.DIVERTED if chosen.random() < 0.02 else state
    concern = Concern(
        report=report,
        bcu=team.unit,
        reported_at=report.reported_at,
        kind=chosen.choice(KINDS[:4] if place is team.places[0] else KINDS),
        place="" if erased else place.name,
        text="" if erased else WORDS,
        light="dark",
        time_of_day="night",
        how_often="often",
        consent=chosen.random() < 0.7,
        state=state,
        owner=owner,
        review_date=(now + chosen.randint(-3, 60) * DAY).date() if owner else None,
        external_reference="CAD 1" if state == State.DIVERTED else "",
        reported_place=place,
        improvement=improvement,
        erased_at=report.reported_at + KEPT if erased else None,
    )
    at = min(report.reported_at + 20 * DAY, now)
    event = ConcernEvent(concern=concern, at=at, by=owner, to_state=state)
    text = None if erased else ConcernEventTexts(event=event, to_requester="It will be mended.")
    asked = state in RESOLVED_STATES and at < now - FOLLOW_UP_AFTER - DAY
    answer = chosen.choice(["", "yes", "no", "not_sure"]) if asked else ""
    question = FollowUpQuestion(event=event, asked_at=at, answer=answer, answered_at=at if answer else None)
    return concern, event, text, question if asked else None


def _improvement_at(team, place, chosen, *, most_are_old):
    if place is team.places[0]:
        return team.improvements[0]
    if most_are_old and chosen.random() < 0.95:
        return chosen.choice(team.ended)
    return chosen.choice(team.improvements[1:])


def _save(batch):
    reports, contacts, concerns, events, texts, questions = zip(*batch, strict=True)
    with transaction.atomic():
        Report.objects.bulk_create({report.pk: report for report in reports}.values())
        for model, rows in (
            (ReportContact, contacts),
            (Concern, concerns),
            (ConcernEvent, events),
            (ConcernEventTexts, texts),
            (FollowUpQuestion, questions),
        ):
            model.objects.bulk_create(row for row in rows if row is not None)


KINDS = list(taxonomy.kinds())
