import uuid

import pytest
from django.urls import reverse

from bookings.locks import lock_booking
from feedback.concerns.actions import divert_concern
from feedback.models.concerns import PAGE_LENGTH, Concern, Report
from feedback.statuses import State
from tests.support.factories import BookingFactory, InspectorFactory, scheduled_booking
from tests.support.feedback_factories import (
    REVIEW_DATE,
    ConcernFactory,
    ImprovementFactory,
    ReportFactory,
    make_completed_booking,
)
from tests.support.lock_waits import press_while_locked
from tests.support.query_counts import count_queries

DAY = {"review_date_day": REVIEW_DATE.day, "review_date_month": REVIEW_DATE.month, "review_date_year": REVIEW_DATE.year}


@pytest.fixture
def client(client, inspector):
    client.force_login(inspector)
    return client


def get_page_address(concern):
    return f"/staff/concerns/{concern.pk}/"


def note_data(booking):
    return f"/staff/walks/{booking.walk.pk}/concern/"


def note(**fields):
    return {
        "submission": str(uuid.uuid4()),
        "place_kinds": ["lighting"],
        "place": "The path behind the library",
        "text": "She cannot see the ground.",
    } | fields


def test_concerns_lists_those_to_screen_without_personal_details(client, southwark):
    ConcernFactory(place="Rye Lane")
    ConcernFactory(place="Choumert Road", state=State.NO_ACTION)

    page = client.get("/staff/concerns/").content.decode()

    assert "Rye Lane" in page
    assert "Choumert Road" not in page
    for detail in ("Maya", "maya@example.com", "07700 900123", Report.objects.first().booking.spoken_reference):
        assert detail not in page


def test_concerns_shows_other_lists(client, southwark):
    ConcernFactory(place="Choumert Road", state=State.NO_ACTION)

    assert "Choumert Road" in client.get("/staff/concerns/?show=ended").content.decode()
    assert "Choumert Road" not in client.get("/staff/concerns/?show=open").content.decode()
    assert "Choumert Road" in client.get("/staff/concerns/?show=all").content.decode()


@pytest.mark.parametrize("query", ["show=everything", "after=x", "after=638174da-5d92-43fc-8b15-95d10bcbad82"])
def test_concerns_ignores_invalid_queries(query, client, southwark):
    ConcernFactory(place="Rye Lane")

    response = client.get(f"/staff/concerns/?{query}")

    assert response.status_code == 200
    assert "Rye Lane" in response.content.decode()


def test_concerns_has_a_second_page(client, southwark):
    report = ReportFactory()
    for _ in range(PAGE_LENGTH + 1):
        ConcernFactory(report=report)

    first = client.get("/staff/concerns/")
    second = client.get(f"/staff/concerns/?after={first.context['last']}")

    assert (len(first.context["rows"]), len(second.context["rows"])) == (PAGE_LENGTH, 1)
    assert second.context["last"] is None


def test_concerns_takes_no_more_queries_for_more_rows(client, southwark):
    ConcernFactory()
    for_one = count_queries(client, "/staff/concerns/")
    ConcernFactory.create_batch(2)

    assert count_queries(client, "/staff/concerns/") == for_one <= 8


@pytest.mark.parametrize("role", ["officer", "lead", "administrator"])
def test_concerns_is_for_inspectors(role, request, client):
    client.force_login(request.getfixturevalue(role))

    assert client.get("/staff/concerns/").status_code == 403


def test_concern_of_another_bcu_is_not_found(client, stranger, southwark):
    concern = ConcernFactory()
    assert client.get(get_page_address(concern)).status_code == 200

    client.force_login(stranger)

    assert client.get(get_page_address(concern)).status_code == 404


def test_concern_shows_the_report_and_not_the_requester(client, officer):
    concern = ConcernFactory(
        report__booking=make_completed_booking([officer]), report__before=1, text="One line.\n<b>Another.</b>"
    )

    page = client.get(get_page_address(concern)).content.decode()

    for expected in (
        "Too dark, or lights not working",
        "The path behind the library",
        "One line.<br>&lt;b&gt;Another.",
    ):
        assert expected in page
    assert "1 – very unsafe" in page
    assert "Maya" not in page


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({"outcome": "accept", **DAY}, State.ACCEPTED),
        ({"outcome": "no_action", "reason": "The land is private."}, State.NO_ACTION),
        ({"outcome": "divert", "external_reference": "CRIS 4711"}, State.DIVERTED),
        ({"outcome": "screening"}, State.SCREENING),
    ],
)
def test_concern_is_screened(answers, state, client, inspector, southwark):
    concern = ConcernFactory()

    response = client.post(get_page_address(concern), {"owner": inspector.pk, "version": 0, **answers}, follow=True)

    assert response.redirect_chain == [("/staff/concerns/", 302)]
    concern.refresh_from_db()
    assert concern.state == state


@pytest.mark.parametrize(
    ("answers", "target", "words"),
    [
        ({}, "#id_outcome", "Select what happens to this concern"),
        ({"outcome": "accept"}, "#id_review_date_day", "Enter the review date"),
        (
            {"outcome": "accept", **DAY, "review_date_year": "2020"},
            "#id_review_date_day",
            "The review date must be after today, and before the end of next year",
        ),
        ({"outcome": "no_action"}, "#id_reason", "Enter why we can’t change this. She’ll read it"),
        ({"outcome": "divert"}, "#id_external_reference", "Enter the reference that the other team gave you"),
    ],
)
def test_concern_shows_errors(answers, target, words, client, inspector, southwark):
    concern = ConcernFactory()

    response = client.post(get_page_address(concern), {"owner": inspector.pk, "version": 0, **answers})

    assert response.status_code == 422
    assert response.context["error_summary"] == [{"text": words, "href": target}]
    concern.refresh_from_db()
    assert concern.state == State.REPORTED


def test_concern_cannot_have_an_owner_in_another_bcu(client, stranger, southwark):
    concern = ConcernFactory()

    response = client.post(get_page_address(concern), {"outcome": "accept", "owner": stranger.pk, "version": 0, **DAY})

    assert response.status_code == 422
    assert [error["href"] for error in response.context["error_summary"]] == ["#id_owner"]


@pytest.mark.parametrize("name", ["concern", "join", "answer"])
def test_concern_corrected_since_can_be_decided_with_the_second_press(name, client, inspector, southwark):
    reported = ConcernFactory()
    accepted = ConcernFactory(state=State.ACCEPTED, owner=inspector, review_date=REVIEW_DATE)
    improvement = ImprovementFactory(borough=southwark, owner=inspector)
    concern, answers = {
        "concern": (reported, {"outcome": "no_action", "reason": "The land is private."}),
        "join": (reported, {"improvement": improvement.pk}),
        "answer": (accepted, {"outcome": "no_action", "words": "The land is private."}),
    }[name]
    path = reverse(f"feedback:{name}", args=[concern.pk])
    shown = client.get(path)
    concern.corrections.create(place="The other path", text="It was earlier.")

    statuses = []
    for _press in range(2):
        shown = client.post(path, {**answers, "version": shown.context["form"]["version"].value()})
        statuses.append(shown.status_code)

    assert statuses == [409, 302]


def test_concern_screened_by_a_colleague_is_a_conflict(client, inspector, southwark):
    concern = ConcernFactory(state=State.NO_ACTION)

    response = client.post(get_page_address(concern), {"outcome": "accept", "owner": inspector.pk, "version": 0, **DAY})

    assert response.status_code == 409
    assert "someone else has checked it" in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_concern_diverted_by_a_colleague_during_the_press_is_a_conflict_and_keeps_the_words(
    client, bcu, inspector, officer
):
    booking = make_completed_booking([officer])
    concern = ConcernFactory(report__booking=booking)
    colleague = InspectorFactory(bcu=bcu)
    no_action = {"outcome": "no_action", "reason": "The land is private.", "version": 0}

    response = press_while_locked(
        lambda: client.post(get_page_address(concern), no_action),
        lock=lambda: lock_booking(booking),
        act=lambda: divert_concern(concern, by=colleague, external_reference="CRIS 4711"),
    )

    assert response.status_code == 409
    assert "someone else has checked it" in response.text
    assert "The land is private." in response.text
    assert "I cannot see the ground." not in response.text


def test_concern_cannot_be_screened_by_an_inspector_on_the_walk(client, bcu, officer):
    on_the_walk = InspectorFactory(bcu=bcu)
    concern = ConcernFactory(report__booking=make_completed_booking([officer, on_the_walk]))
    client.force_login(on_the_walk)

    page = client.get(get_page_address(concern)).content.decode()
    posted = client.post(get_page_address(concern), {"outcome": "no_action", "reason": "The land is private."})

    assert "so someone else checks it." in page
    assert "What happens to it?" not in page
    assert posted.status_code == 403
    concern.refresh_from_db()
    assert concern.state == State.REPORTED


def test_concern_takes_no_more_queries_for_more_history(client, southwark, officer):
    concern = ConcernFactory(report__booking=make_completed_booking([officer]))
    concern.events.create(to_state=State.REPORTED, by=officer)
    with_one = count_queries(client, get_page_address(concern))
    for _ in range(5):
        concern.events.create(to_state=State.REPORTED, by=officer)

    assert count_queries(client, get_page_address(concern)) == with_one <= 13


def test_note_by_an_officer_of_the_walk(client, officer):
    booking = make_completed_booking([officer])
    client.force_login(officer)
    form = client.get(note_data(booking)).context["form"]

    response = client.post(note_data(booking), note(booking=form["booking"].value()))

    assert response["Location"] == f"/staff/walks/{booking.walk.pk}/"
    report = Report.objects.get()
    assert (report.booking, report.by_officer) == (booking, officer)


def test_note_sent_twice_saves_one_report(client, officer):
    booking = make_completed_booking([officer])
    twice = note(booking=booking.pk)

    client.post(note_data(booking), twice)
    client.post(note_data(booking), twice)

    assert Report.objects.count() == 1


def test_note_asks_for_the_requester_who_said_it(client, officer):
    booking = make_completed_booking([officer])
    joan = BookingFactory(status=booking.status, walk=booking.walk, contact__name="Joan")

    page = client.get(note_data(booking)).content.decode()
    missing = client.post(note_data(booking), note())
    client.post(note_data(booking), note(booking=joan.pk))

    assert "Who said it?" in page
    assert missing.context["error_summary"] == [{"text": "Choose who said it", "href": "#id_booking"}]
    assert Report.objects.get().booking == joan


def test_note_refuses_a_requester_of_another_walk(client, officer, second_officer):
    booking, other_booking = make_completed_booking([officer]), make_completed_booking([second_officer])

    response = client.post(note_data(booking), note(booking=other_booking.pk))

    assert response.status_code == 422
    assert not Report.objects.exists()


def test_note_is_not_found_by_officers_of_other_walks(client, officer, second_officer, stranger):
    booking = make_completed_booking([officer])
    assert client.get(note_data(booking)).status_code == 200

    for user in (second_officer, stranger):
        client.force_login(user)
        assert client.get(note_data(booking)).status_code == 404


def test_note_needs_a_walk_that_has_started(client, officer):
    booking = scheduled_booking([officer])

    assert client.get(note_data(booking)).status_code == 403


def test_note_shows_errors(client, officer):
    booking = make_completed_booking([officer])

    response = client.post(note_data(booking), note(booking=booking.pk, place_kinds=[], text=""))

    assert response.context["error_summary"] == [
        {"text": "Tick what worried her, or write it down in her words", "href": "#id_place_kinds"}
    ]
    assert not Concern.objects.exists()


def test_staff_pages_need_signing_in(client, officer):
    booking = make_completed_booking([officer])
    concern = ConcernFactory(report__booking=booking)
    client.logout()

    for path in ("/staff/concerns/", get_page_address(concern), note_data(booking)):
        assert client.get(path)["Location"].startswith("/staff/sign-in/")
