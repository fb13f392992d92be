"""Three questions about the walk: once for each booking, kept as totals that nobody can trace to a woman."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.statuses import Status
from feedback.about_the_walk.actions import answer_about_walk
from feedback.jobs import delete_few_walk_answers
from feedback.models.walk_answers import AnsweredAboutWalk, WalkAnswer, WalkAnswers
from tests.support.concurrency import run_concurrently
from tests.support.factories import in_days
from tests.support.feedback_factories import make_completed_booking
from walkandtalk.lib import london


def walked(officer, *, days_ago):
    return make_completed_booking([officer], start_at=in_days(-days_ago))


def given(row):
    return {cell: count for cell, count in row.totals.items() if count}


def test_answers_are_added_to_the_totals_once(requester_pages, officer):
    client, address = requester_pages

    posted = client.post(address("about_the_walk"), {"listened": "partly", "again": "no"})
    later = client.post(address("about_the_walk"), {"listened": "yes", "as_told": "yes"})

    row = WalkAnswers.objects.get()
    assert posted["Location"] == address("about_the_walk")
    assert "We’ve added your answers" in client.get(posted["Location"]).text
    assert "We’ve added your answers" in later.text
    assert (row.bcu, row.month, row.women) == (officer.bcu, london.today().replace(day=1), 1)
    assert given(row) == {("listened", WalkAnswer.PARTLY): 1, ("again", WalkAnswer.NO): 1}


def test_page_without_an_answer_asks_for_one_and_counts_nothing(requester_pages):
    client, address = requester_pages

    response = client.post(address("about_the_walk"), {})

    assert "Select an answer to at least one question" in response.text
    assert not AnsweredAboutWalk.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_women_who_answer_at_the_same_moment_are_all_counted(officer):
    bookings = [walked(officer, days_ago=n) for n in (1, 2, 3, 4)]
    answers = {"listened": WalkAnswer.YES}

    run_concurrently(*[lambda b=b: answer_about_walk(b, answers, today=london.today()) for b in [*bookings, *bookings]])

    row = WalkAnswers.objects.get()
    assert (row.women, given(row)) == (4, {("listened", WalkAnswer.YES): 4})


def stored():
    """Return all that the database has of the answers, as someone with its files reads it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT length(sealed_totals), women, month::text FROM feedback_walkanswers")
        return cursor.fetchall()


@pytest.mark.parametrize("answer", WalkAnswer)
def test_database_looks_the_same_whatever_she_answers(answer, officer):
    answer_about_walk(walked(officer, days_ago=1), {"listened": WalkAnswer.YES}, today=london.today())
    plain = b"000001"
    first = stored()

    hers = dict.fromkeys(("listened", "again"), answer)
    answer_about_walk(walked(officer, days_ago=2), hers, today=london.today())

    ((length, women, month),) = stored()
    assert [(length, women - 1, month)] == first
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed_totals FROM feedback_walkanswers")
        assert plain not in bytes(cursor.fetchone()[0])
    assert [field.name for field in AnsweredAboutWalk._meta.get_fields()] == ["booking"]
    assert {field.name for field in WalkAnswers._meta.get_fields()} == {
        "uuid",
        "bcu",
        "month",
        "women",
        "sealed_totals",
    }


def test_questions_come_only_after_a_walk_and_not_if_it_is_kept_from_the_bcu(
    requester_pages, completed_booking, stranger
):
    client, address = requester_pages
    changes = ({"status": Status.CANCELLED_BY_US}, {"status": Status.COMPLETED, "nominated_inspector": stranger})

    before = client.get(address("about_the_walk")).status_code
    thanks = client.get(address("thanks")).text
    refused = []
    for change in changes:
        Booking.objects.filter(pk=completed_booking.pk).update(**change)
        refused.append(client.post(address("about_the_walk"), {"listened": "yes"}).status_code)

    assert (before, refused) == (200, [404, 404])
    assert address("about_the_walk") in thanks
    assert address("about_the_walk") not in client.get(address("thanks")).text
    assert not WalkAnswers.objects.exists()


def test_few_answers_are_deleted_once_their_month_is_over(officer, bcu):
    this_month = london.today().replace(day=1)
    last_month = (this_month - datetime.timedelta(days=1)).replace(day=1)
    for month, women in ((this_month, 4), (last_month, 4), (last_month.replace(year=last_month.year - 1), 5)):
        for _ in range(women):
            WalkAnswers.objects.add(bcu, {"listened": WalkAnswer.NO}, month=month)

    delete_few_walk_answers(timezone.now())

    kept = set(WalkAnswers.objects.values_list("month", "women"))
    assert kept == {(this_month, 4), (last_month.replace(year=last_month.year - 1), 5)}
