import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection

from feedback.models.concerns import PAGE_LENGTH, Concern
from feedback.models.events import ConcernEvent
from feedback.statuses import State
from tests.support.factories import BookingFactory
from tests.support.feedback_factories import ConcernFactory, ReportFactory

CANARY = "Zaunkönig-4711"


def test_visible_to_the_inspector_of_the_bcu(inspector, southwark):
    concern = ConcernFactory()

    assert list(Concern.objects.visible_to(inspector)) == [concern]


@pytest.mark.parametrize("role", ["stranger", "officer", "lead", "administrator"])
def test_visible_to_nobody_else(role, request, inspector):
    ConcernFactory()
    user = request.getfixturevalue(role)

    assert Concern.objects.visible_to(inspector).exists()
    assert not Concern.objects.visible_to(user).exists()
    assert not Concern.objects.visible_to(AnonymousUser()).exists()


def test_visible_to_gives_an_inactive_inspector_nothing(inspector):
    ConcernFactory()
    inspector.is_active = False

    assert not Concern.objects.visible_to(inspector).exists()


def test_visible_to_leaves_out_diverted_concerns(inspector):
    concern = ConcernFactory()
    assert Concern.objects.visible_to(inspector).exists()

    Concern.objects.filter(pk=concern.pk).update(state=State.DIVERTED, external_reference="CRIS 1")

    assert not Concern.objects.visible_to(inspector).exists()


@pytest.mark.parametrize(
    ("shown", "state", "is_there"),
    [
        ("to_check", State.REPORTED, True),
        ("to_check", State.NO_ACTION, False),
        ("ended", State.NO_ACTION, True),
        ("open", State.NO_ACTION, False),
        ("all", State.NO_ACTION, True),
    ],
)
def test_for_tab_chooses_by_state(shown, state, is_there, inspector):
    ConcernFactory(state=state)

    assert Concern.objects.for_tab(shown).exists() is is_there


def test_for_list_page_continues_after_the_last_row(southwark):
    report = ReportFactory()
    concerns = [ConcernFactory(report=report) for _ in range(PAGE_LENGTH + 3)]
    in_order = sorted(concerns, key=lambda concern: concern.pk, reverse=True)

    first = Concern.objects.all().for_list_page()
    second = Concern.objects.all().for_list_page(after=first[PAGE_LENGTH - 1])

    assert first[:PAGE_LENGTH] == in_order[:PAGE_LENGTH]
    assert len(first) == PAGE_LENGTH + 1
    assert second == in_order[PAGE_LENGTH:]


def test_submitted_for_lists_the_concerns_of_one_booking(southwark):
    concern = ConcernFactory()
    ConcernFactory(report__booking=BookingFactory())

    assert list(Concern.objects.submitted_for(concern.report.booking)) == [concern]


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"kind": ""}, "a_concern_has_a_kind_or_is_a_safe_place"),
        ({"safe_place": True}, "a_concern_has_a_kind_or_is_a_safe_place"),
        ({"state": State.ACCEPTED}, "an_active_concern_has_an_owner_and_a_review_date"),
        ({"state": State.DIVERTED}, "a_diverted_concern_has_an_external_reference"),
    ],
)
def test_database_refuses_an_incomplete_concern(fields, rule, southwark):
    with pytest.raises(IntegrityError, match=rule):
        ConcernFactory(**fields)


def test_database_refuses_a_feeling_of_six(southwark):
    with pytest.raises(IntegrityError, match="feelings_go_from_1_to_5"):
        ReportFactory(after=6)


def test_concerns_are_not_readable_in_the_database(southwark):
    concern = ConcernFactory(place=CANARY, text=CANARY)
    ConcernEvent.objects.record(concern, to_state=State.REPORTED, to_requester=CANARY, internal=CANARY)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c::text || e::text FROM feedback_concern c JOIN feedback_concernevent e ON e.concern_id = c.uuid"
        )
        stored = cursor.fetchone()[0]

    sealed = CANARY.encode()
    assert CANARY not in stored
    assert sealed.hex() not in stored
    assert Concern.objects.get().text == CANARY
