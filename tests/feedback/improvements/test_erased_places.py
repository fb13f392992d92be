"""After her details or words are erased, no row of the database links what a woman told us to a place."""

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from boroughs.geography.map_points import MapPoint
from data_rights.erasure.actions import request_erasure
from data_rights.erasure.jobs import erase_requested
from feedback import jobs
from feedback.concerns.actions import accept_into_improvement, divert_concern
from feedback.models.concerns import Concern
from feedback.place_reports.actions import delete_report
from feedback.places.locating import place_at
from feedback.statuses import State
from tests.support.factories import in_days
from tests.support.feedback_factories import ConcernFactory
from tests.support.improvements import refer, reload
from tests.support.partners import make_partner
from tests.support.place_reports import make_place_report
from walkandtalk.lib.rows import save_changes

pytestmark = pytest.mark.django_db

CORNER = MapPoint(51.46801, -0.06902)


@pytest.fixture
def place(improvement, maya):
    """The place of the improvement, and of the concern of its first woman."""
    place = place_at(CORNER)
    save_changes(improvement, place=place)
    save_changes(maya, reported_place=place)
    return place


def links(concern, *places):
    """Return the tables with a row about this concern or its report that has the key of a place."""
    hers, theirs = (concern.pk, concern.report_id), [row.pk for row in places]
    found = []
    for model in apps.get_app_config("feedback").get_models():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT t::text FROM {model._meta.db_table} t")
            rows = [row for (row,) in cursor.fetchall()]
        if any(str(key) in row and any(str(each) in row for each in theirs) for row in rows for key in hers):
            found.append(model.__name__)
    return found


def test_erasure_at_her_request(maya, improvement, place):
    before = links(maya, place, improvement)

    request_erasure(maya.report.booking)
    erase_requested(in_days(60))

    assert before == ["Concern"]
    assert reload(maya).erased_at is not None
    assert links(maya, place, improvement) == []


def test_deletion_of_a_report_without_a_walk(improvement, place, southwark, inspector):
    contact = make_place_report(southwark, point=CORNER)
    concern = contact.report.concerns.get()
    accept_into_improvement(concern, reload(improvement), by=inspector, version=0)
    before = links(concern, place, improvement)

    delete_report(contact)

    assert (before, links(concern, place, improvement)) == (["Concern"], [])


def test_old_words_about_an_improvement_that_a_partner_has(maya, joan, improvement, place, southwark, inspector):
    refer(improvement, make_partner(boroughs=[southwark], inbox="lights@council.example.com"), inspector)
    Concern.objects.filter(pk=maya.pk).update(reported_at=timezone.now().replace(year=2020, day=1))

    jobs.erase_due_concerns(timezone.now())

    assert links(maya, place, improvement) == []
    assert reload(maya).state == State.REFERRED  # the outcome stays, for the figures
    assert links(joan, place, improvement) == ["Concern"]  # the improvement goes on for others


def test_diverted_concern(inspector, southwark):
    place = place_at(CORNER)
    concern = ConcernFactory(reported_place=place)
    before = links(concern, place)

    divert_concern(concern, by=inspector, external_reference="CRIS 1")

    assert (before, links(concern, place)) == (["Concern"], [])
