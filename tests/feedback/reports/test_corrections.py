"""A requester's corrections of what officers recorded for her."""

import pytest
from django.urls import reverse
from django.utils import timezone

from boroughs.geography.map_points import MapPoint
from feedback.concerns.actions import divert_concern
from feedback.models.concerns import Concern, Correction
from feedback.models.places import RepeatedPlace
from feedback.places.counting import count_repeated_places
from feedback.reports.actions import Wording, correct_concern
from feedback.retention import erase_concern
from feedback.statuses import State
from tests.support.concurrency import run_concurrently
from tests.support.factories import in_days
from tests.support.feedback_factories import REVIEW_DATE, ConcernFactory, make_completed_booking
from tests.support.walk_notes import post_correction, record_concern
from walkandtalk.lib.errors import TransitionNotAllowed

pytestmark = pytest.mark.django_db


# --- Correcting


def test_correction_replaces_the_original_and_keeps_it(noted_concern, requester_pages, inspector, client):
    response = post_correction(requester_pages, noted_concern)

    noted_concern = Concern.objects.get()
    assert response.status_code == 302
    assert (noted_concern.current_wording.place, noted_concern.current_wording.text) == (
        "The bridge",
        "Three men stood there.",
    )
    assert (noted_concern.place, noted_concern.text) == ("The path behind the library", "I cannot see the ground.")
    client.force_login(inspector)
    page = client.get(reverse("feedback:concern", args=[noted_concern.pk]))
    assert page.text.index("Three men stood there.") < page.text.index("Before she corrected it")
    assert page.text.index("Before she corrected it") < page.text.index("I cannot see the ground.")


def test_each_correction_is_kept_and_the_latest_counts(noted_concern, requester_pages):
    post_correction(requester_pages, noted_concern)
    post_correction(requester_pages, noted_concern, version=1, text="Two men.")

    assert [row.text for row in Correction.objects.all()] == ["Three men stood there.", "Two men."]
    assert Concern.objects.get().current_wording.text == "Two men."


def test_unchanged_text_saves_no_correction(noted_concern, requester_pages):
    post_correction(requester_pages, noted_concern, place=noted_concern.place, text=noted_concern.text)

    assert not Correction.objects.exists()


def test_correction_of_an_older_version_is_refused(noted_concern, requester_pages):
    post_correction(requester_pages, noted_concern)

    response = post_correction(requester_pages, noted_concern, text="Someone else wrote this.")

    assert response.status_code == 409
    assert "You’ve corrected this since" in response.text
    assert Concern.objects.get().current_wording.text == "Three men stood there."


def test_requester_can_withdraw_a_recorded_concern(noted_concern, requester_pages):
    response = post_correction(requester_pages, noted_concern, what="withdraw")

    assert response.status_code == 302
    assert Concern.objects.get().state == State.WITHDRAWN


@pytest.mark.parametrize("state", [State.RESOLVED, State.NO_ACTION, State.WITHDRAWN])
def test_ended_concern_cannot_be_corrected(state, noted_concern, requester_pages):
    Concern.objects.filter(pk=noted_concern.pk).update(state=state)

    assert post_correction(requester_pages, noted_concern).status_code == 409
    assert not Correction.objects.exists()


def test_only_concerns_recorded_for_the_requester_can_be_corrected(completed_booking, officer, requester_pages):
    own_concern = ConcernFactory(report__booking=completed_booking)
    others = ConcernFactory(
        report__booking=make_completed_booking([officer], start_at=in_days(-3)), report__by_officer=officer
    )

    answers = [post_correction(requester_pages, concern).status_code for concern in (own_concern, others)]

    assert answers == [404, 404]


def test_correction_needs_a_place_and_keeps_typed_text(noted_concern, requester_pages):
    response = post_correction(requester_pages, noted_concern, place="", text="I typed this.")

    assert response.status_code == 422
    assert [line["text"] for line in response.context["error_summary"]] == ["Enter where this was"]
    assert "I typed this." in response.text


@pytest.mark.parametrize("outcome", ["accept", "no_action", "divert"])
def test_screening_is_refused_after_a_new_correction(outcome, noted_concern, requester_pages, inspector, client):
    client.force_login(inspector)
    page = client.get(reverse("feedback:concern", args=[noted_concern.pk]))
    post_correction(requester_pages, noted_concern)
    day = REVIEW_DATE
    review = {"review_date_day": day.day, "review_date_month": day.month, "review_date_year": day.year}
    answers = {"outcome": outcome, "owner": inspector.pk, "reason": "No.", "external_reference": "C1", **review}

    response = client.post(
        reverse("feedback:concern", args=[noted_concern.pk]),
        {**answers, "version": page.context["form"].initial["version"]},
    )

    assert response.status_code == 409
    assert "She has corrected this since you opened it" in response.text
    assert Concern.objects.get().state == State.REPORTED


@pytest.mark.django_db(transaction=True)
def test_only_one_of_two_simultaneous_corrections_is_saved(officer):
    booking = make_completed_booking([officer])
    record_concern(booking, officer)

    def correct_it(text):
        concern = Concern.objects.get()
        try:
            correct_concern(concern, Wording(place="There", text=text), version=0)
        except TransitionNotAllowed:
            return "refused"
        return "saved"

    outcomes = run_concurrently(lambda: correct_it("One"), lambda: correct_it("Two"))

    assert sorted(outcomes) == ["refused", "saved"]
    assert Correction.objects.count() == 1


# --- The place


STATION, LIBRARY = "The steps of Peckham Rye station", "By Peckham Library"
CORNER = MapPoint(51.48001, -0.06902)


def place_after(requester_pages, words):
    """Correct the place of the only concern, and return the place that it counts for."""
    post_correction(requester_pages, Concern.objects.get(), place=words)
    return Concern.objects.get().reported_place


def test_place_that_the_new_words_name_replaces_the_one_that_the_old_words_named(
    completed_booking, officer, requester_pages
):
    record_concern(completed_booking, officer, place=STATION)
    before = Concern.objects.get().reported_place

    after = place_after(requester_pages, LIBRARY)

    assert (before.name, after.name) == ("Peckham Rye station", "Peckham Library")


@pytest.mark.parametrize(("words", "name"), [("The dark corner", None), (STATION, "Peckham Rye station")])
def test_words_that_name_no_place_leave_none(words, name, completed_booking, officer, requester_pages):
    record_concern(completed_booking, officer, place=LIBRARY)

    place = place_after(requester_pages, words)

    assert (place and place.name) == name


def test_concern_at_no_place_gets_the_one_that_she_names(noted_concern, requester_pages):
    assert noted_concern.reported_place is None

    assert place_after(requester_pages, STATION).name == "Peckham Rye station"


def test_point_that_someone_chose_stays(completed_booking, officer, requester_pages):
    record_concern(completed_booking, officer, place=LIBRARY, point=CORNER)
    before = Concern.objects.get().reported_place

    assert place_after(requester_pages, STATION) == before is not None


def test_concern_kept_from_the_bcu_stays_at_no_place(completed_booking, officer, requester_pages, stranger):
    record_concern(completed_booking, officer)
    Concern.objects.update(nominated_inspector=stranger)

    assert place_after(requester_pages, STATION) is None


def test_withdrawn_concern_leaves_its_place_and_the_count(completed_booking, officer, requester_pages):
    record_concern(completed_booking, officer, place=STATION)
    count_repeated_places(timezone.now())
    before = [row.women for row in RepeatedPlace.objects.all()]

    post_correction(requester_pages, Concern.objects.get(), what="withdraw")
    count_repeated_places(timezone.now())

    assert before == [1]
    assert not RepeatedPlace.objects.exists()
    assert Concern.objects.get().reported_place is None


# --- Erasure


def test_corrections_are_erased_with_the_concern(noted_concern, requester_pages):
    post_correction(requester_pages, noted_concern)

    erase_concern(noted_concern)

    assert Correction.objects.values_list("at", flat=True).count() == 1
    assert [(row.place, row.text) for row in Correction.objects.all()] == [("", "")]


def test_diverting_erases_the_text_of_all_corrections(completed_booking, officer, requester_pages, inspector):
    record_concern(completed_booking, officer, kinds=("lighting", "followed"))
    first, second = Concern.objects.order_by("pk")
    for concern in (first, second):
        post_correction(requester_pages, concern)

    divert_concern(first, by=inspector, external_reference="CRIS 1", version=1)

    assert [row.text for row in Correction.objects.all()] == ["", ""]
    assert {row.place for row in first.corrections.all()} == {""}
    assert {row.place for row in second.corrections.all()} == {"The bridge"}
