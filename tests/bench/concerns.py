"""The queries and times of the pages about places with `CONCERNS` concerns in the database, beside a hundredth of them.

At both sizes the pages of the measured BCU are full, so that what differs is what PostgreSQL has to read, and not how
many rows a page shows. Of the larger number, one in twelve is open, and hundreds are about one place.
"""

import logging
import os
import time
from functools import partial

from devtools.stack import services
from tests.bench.measuring import (
    Databases,
    copy_database,
    inspector,
    measure_by_turns,
    quieten,
    run_as_superuser,
    show,
    sign_in,
)
from tests.bench.staff_pages import add_bookings, add_officers
from tests.support.journey import InProcess
from tests.support.stack import Stack

MANY = int(os.environ.get("CONCERNS", "200000"))
FEW = max(MANY // 100, 2_000)
FEW_IMPROVEMENTS, MANY_IMPROVEMENTS = 240, 2_000
FEW_PLACES, MANY_PLACES = 120, 250
"""Of one BCU."""
OPEN_BOOKINGS, FEW_BOOKINGS, MANY_BOOKINGS = 120, 600, 6_000
ROUNDS = 10
BATCH = 2_000
MOST_WAITING = 200
"""Women who hear what came of one improvement."""
JOBS = [
    "feedback.places.counting.count_repeated_places",
    "feedback.referrals.jobs.record_undelivered_referrals",
    "feedback.referrals.jobs.take_news",
    "feedback.jobs.send_follow_up_questions",
    "feedback.jobs.reassign_concerns",
    "feedback.jobs.erase_due_concerns",
    "feedback.jobs.erase_due_report_contacts",
    "feedback.jobs.erase_due_walk_notes",
]


def main():
    with Stack() as stack:
        os.environ |= stack.environment() | {"DJANGO_SETTINGS_MODULE": "walkandtalk.settings"}
        from walkandtalk.wsgi import application

        logging.disable(logging.INFO)  # a line for each look at a concern
        quieten(stack)
        send = InProcess(application, stack.url.removeprefix("http://"))
        stack.hold("web")
        began = time.perf_counter()
        pairs, teams, lead = fill_few()
        few_jobs = run_jobs(stack)
        copy_database(stack, "few")
        fill_many(pairs, teams, lead)
        print(f"Filled in {time.perf_counter() - began:.0f} s.", flush=True)
        many_jobs = run_jobs(stack)
        few, many = measure_pages(stack, send, lead)
        writes = measure_writes()
    sizes = (f"{FEW:,} concerns", f"{MANY:,} concerns")
    show(few, many, sizes=sizes)
    show(few_jobs, many_jobs, sizes=sizes)
    for name, (queries, seconds) in writes.items():
        print(f"{name}: {queries} queries, {seconds:.2f} s", flush=True)


def fill_few():
    """Fill in what both sizes have: some bookings of every BCU, and concerns of the one whose pages are measured."""
    from tests.bench import concern_rows

    pairs = add_officers()
    add_bookings(pairs, range(OPEN_BOOKINGS), is_open=True)
    add_bookings(pairs, range(OPEN_BOOKINGS, FEW_BOOKINGS), is_open=False)
    teams, lead = concern_rows.make_teams()
    measured = next(team for team in teams if team.unit.code == concern_rows.BUSIEST)
    concern_rows.find_bookings(measured)
    concern_rows.add_places(measured, FEW_PLACES)
    concern_rows.add_improvements(measured, range(FEW_IMPROVEMENTS), lead)
    concern_rows.add_concerns(measured, range(FEW))
    return pairs, teams, lead


def fill_many(pairs, teams, lead):
    """Add the same number of concerns, places and improvements to every BCU."""
    from tests.bench import concern_rows

    add_bookings(pairs, range(FEW_BOOKINGS, MANY_BOOKINGS), is_open=False)
    concerns, improvements = (MANY - FEW) // len(teams), (MANY_IMPROVEMENTS - FEW_IMPROVEMENTS) // len(teams)
    for team in teams:
        concern_rows.find_bookings(team)
        concern_rows.add_places(team, MANY_PLACES - len(team.places))
        known = len(team.improvements)
        concern_rows.add_improvements(team, range(known, known + improvements), lead)
    # By turns, as they come in.
    for start in range(FEW, FEW + concerns, BATCH):
        for team in teams:
            concern_rows.add_concerns(team, range(start, min(start + BATCH, FEW + concerns)), most_are_old=True)


def measure_pages(stack, send, lead):
    """Return the measures of the pages at both sizes, and leave the larger database in use."""
    names = ("few", services.read(stack.var).postgres_name)
    databases, pages = Databases(*names), {}
    for name in names:
        databases.use(name)
        pages[name] = addresses(lead)
    return measure_by_turns(stack, send, databases, pages, rounds=ROUNDS).values()


def run_jobs(stack):
    """Return the measures of the jobs when nothing is due. The first runs do what is, and aren't measured."""
    from django.utils import timezone
    from django.utils.module_loading import import_string

    run_as_superuser(stack, "VACUUM ANALYZE")
    now = timezone.now().replace(hour=12)  # questions are sent in the day
    jobs = {name.removeprefix("feedback."): partial(import_string(name), now) for name in JOBS}
    for job in list(jobs.values()) * 2:
        job()
    return {name: count_and_time(job) for name, job in jobs.items()}


def count_and_time(act):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        began = time.perf_counter()
        act()
        seconds = time.perf_counter() - began
    return len(queries), seconds


# --- Pages ------------------------------------------------------------------------------------------------------------


def addresses(lead):
    """Return the address and cookie of each page: of the busiest place, the largest improvement and so on."""
    by_inspector, by_lead = sign_in(inspector()), sign_in(lead)
    staff = {**lists(), **pages_of_concerns(), **pages_of_improvements()}
    return (
        {name: (path, by_inspector) for name, path in staff.items()}
        | {"words to approve": ("/staff/improvements/words/", by_lead)}
        | {name: (path, "") for name, path in public_pages().items()}
    )


def lists():
    from boroughs.models.bcus import Borough
    from feedback.models.concerns import Concern
    from feedback.models.improvements import Improvement
    from feedback.models.places import RepeatedPlace

    visible = Concern.objects.visible_to(inspector())
    borough = Borough.objects.filter(bcu__code="AS").order_by("name").first()
    ranked = RepeatedPlace.objects.visible_to(inspector()).ranked()
    fiftieth = visible.for_tab("ended").order_by("-reported_at", "-pk")[49]
    newest = Improvement.objects.visible_to(inspector()).order_by("-made_at", "-pk")[49]
    tabs = {f"concerns, {tab}": f"/staff/concerns/?show={tab}" for tab in ("to_check", "open", "mine", "nobodys")}
    more = {f"concerns, {tab}": f"/staff/concerns/?show={tab}" for tab in ("ended", "all")}
    return {
        **tabs,
        **more,
        "concerns, ended, page 2": f"/staff/concerns/?show=ended&after={fiftieth.pk}",
        "concerns, open, one kind": "/staff/concerns/?show=open&kind=lighting",
        "places": "/staff/places/",
        "places, page 2": f"/staff/places/?after={ranked[49].pk}",
        "places of one kind": "/staff/places/?kind=lighting",
        "places of a borough": f"/staff/places/?borough={borough.gss}",
        **{
            f"improvements, {tab}": f"/staff/improvements/?show={tab}"
            for tab in ("to_do", "open", "done", "ended", "all")
        },
        "improvements, page 2": f"/staff/improvements/?show=all&after={newest.pk}",
        "map of concerns": "/staff/map/?show=concerns",
        "today": "/staff/today/",
    }


def pages_of_concerns():
    from feedback.models.concerns import Concern
    from feedback.statuses import State

    there = Concern.objects.visible_to(inspector()).filter(reported_place=busiest_place()).order_by("reported_at")
    to_check = there.filter(state__in=[State.REPORTED, State.SCREENING]).first()
    accepted = there.filter(state=State.ACCEPTED, improvement=None, report__walk=None).first()
    return {
        "concern": f"/staff/concerns/{to_check.pk}/",
        "concern, opened from a list": f"/staff/concerns/{to_check.pk}/?show=all",
        "concern, join": f"/staff/concerns/{accepted.pk}/join/",
        "concern, improve": f"/staff/concerns/{accepted.pk}/improve/",
        "concern, answer": f"/staff/concerns/{accepted.pk}/answer/",
        "concern, place": f"/staff/concerns/{accepted.pk}/place/",
        "concern, hand over": f"/staff/concerns/{accepted.pk}/hand-over/",
        "place with most concerns": f"/staff/places/{accepted.reported_place_id}/",
    }


def busiest_place():
    from django.db.models import Count

    from feedback.models.concerns import Concern

    named = Concern.objects.visible_to(inspector()).order_by().values_list("reported_place")
    return named.annotate(number=Count("pk")).order_by("-number").first()[0]


def largest_improvement():
    from feedback.models.improvements import Improvement

    return Improvement.objects.visible_to(inspector()).get(change="Lamp column 0 mended", state="in_progress")


def waiting_referral():
    from feedback.models.referrals import Referral

    waiting = Referral.objects.visible_to(inspector()).filter(ended_at=None, answer="")
    return waiting.order_by("sent_at", "pk").first()


def pages_of_improvements():
    largest = largest_improvement().pk
    return {
        "improvement for most": f"/staff/improvements/{largest}/",
        "improvement, answer": f"/staff/improvements/{largest}/answer/",
        "improvement, refer": f"/staff/improvements/{largest}/refer/",
        "improvement, hand over": f"/staff/improvements/{largest}/hand-over/",
        "improvement, public words": f"/staff/improvements/{largest}/public-words/",
        "referral, note an answer": f"/staff/referrals/{waiting_referral().pk}/answer/",
    }


def public_pages():
    from django.utils import timezone

    from boroughs.models.bcus import Borough
    from feedback.models.contacts import ReportContact, ReportLink
    from feedback.models.referrals import ReferralLink

    borough = Borough.objects.filter(bcu__code="AS").order_by("name").first()
    contact = ReportContact.objects.filter(erased_at=None, report__borough=borough).order_by("pk").first()
    hers = ReportLink.objects.create_token(contact, expires_at=timezone.now() + timezone.timedelta(days=1))
    return {
        "home": "/",
        "partner's page": f"/partner/{ReferralLink.objects.create_token(waiting_referral())}/",
        "tell us": "/tell-us/",
        "tell us, area": "/tell-us/place/",
        "tell us, questions": f"/tell-us/place/{borough.slug}/",
        "page of someone who told us": f"/tell-us/yours/{hers}/",
    }


# --- Writes -----------------------------------------------------------------------------------------------------------


def measure_writes():
    """Answer the largest improvement, for 20 women and for 200, so that what grows with them shows."""
    return {
        f"answer an improvement with {number} concerns": answer_improvement_of(number) for number in (20, MOST_WAITING)
    }


def answer_improvement_of(number):
    from feedback.improvements import actions
    from feedback.models.concerns import Concern
    from feedback.models.improvements import Improvement
    from feedback.statuses import State

    improvement = largest_improvement()
    alone = Improvement.objects.visible_to(inspector()).filter(state=State.IN_PROGRESS).exclude(pk=improvement.pk)
    spare = alone.order_by("pk").first()
    others = improvement.concerns.order_by("pk").values("pk")[number:]
    Concern.objects.filter(pk__in=list(others.values_list("pk", flat=True))).update(improvement=spare)
    version = improvement.version
    answer = actions.Answer(to=State.IN_PROGRESS, words="It will be mended soon.", review_date=improvement.review_date)
    found = Improvement.objects.get(pk=improvement.pk)
    measured = count_and_time(lambda: actions.answer_improvement(found, answer, by=inspector(), version=version))
    Concern.objects.filter(improvement=spare).update(improvement=improvement)
    return measured


if __name__ == "__main__":
    main()
