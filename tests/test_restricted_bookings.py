"""Only the nominated inspector can see a restricted booking, which the requester keeps from the BCU of the place.

Here the whole world of `tests/support/world.py` is kept from its inspector, so a new staff address in it is covered.
Add to LISTS any other ways to filter a list.
"""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.claims import Claim, get_claim
from bookings.models.freezes import Freeze
from bookings.notices.acknowledgements import record_contact
from bookings.notices.threads import requester_thread
from bookings.notices.walk_card import WalkCard
from bookings.on_the_day.actions import report_nobody_came
from bookings.on_the_day.officer_withdrawal import withdraw_from_walk
from bookings.on_the_day.outcomes.actions import record_outcome
from bookings.permissions import can_decide
from bookings.read_log import reveal_phone
from bookings.request_form.confirmation import confirm_by_phone
from bookings.staff_calendar.forms import CalendarForm
from bookings.statuses import EventKind, Status
from bookings.triage import jobs
from bookings.triage.queue.forms import QueueForm
from bookings.triage.reassignment import reassign_booking
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from feedback import jobs as feedback_jobs
from feedback.concerns.actions import start_screening
from feedback.concerns.forms import ListForm
from feedback.models.concerns import Concern
from feedback.models.improvements import Improvement
from outbox.models import Message
from tests.support.access_table import EXPECTED_RESPONSES
from tests.support.addresses import every_address, rolled_back
from tests.support.decisions import cancel_now, change_now, decline_now, schedule_now
from tests.support.factories import BookingFactory, InspectorFactory, OfficerFactory, WalkFactory, scheduled_booking
from tests.support.feedback_factories import ConcernFactory
from tests.support.spoken_with import IN_PERSON
from walkandtalk.lib.errors import ActionError
from walks.models.walks import Assignment, Walk
from walks.planning.plans import WalkDetails
from walks.planning.suggestions import Team

pytestmark = pytest.mark.django_db

LISTS = {
    "triage:queue": [f"?state={state}" for state in QueueForm.STATES],
    "on_the_day:walks": [""],
    "staff_calendar:calendar": [f"?show={show}&by={by}" for show in CalendarForm.SHOWN for by in CalendarForm.GROUPS],
    "feedback:concerns": [f"?show={show}" for show in ListForm.TABS],
}
AUDITOR_PAGES = {"audit:report", "audit:download"}
"""Pages about no row. To everyone but an auditor they answer 403, like every page that lists nothing for a role."""
PHONE_BOOKING_PAGES = {
    "phone_bookings:details",
    "phone_bookings:read_back",
    "phone_bookings:sent",
    "phone_bookings:issue_pin",
}
"""Pages of a phone booking, which only the inspector who takes it can see (test_phone_bookings.py)."""
OFFICER_PAGES = {
    "walks:officer_duties",
    "walks:weekly_duty",
    "walks:leave",
    "walks:duty_days",
    "on_the_day:not_available",
    "on_the_day:available_again",
    "staff_calendar:day",
    "walks:recurring_walk",
    "walks:pause_recurring_walk",
}
"""Pages about an officer, a day or a recurring walk. Inspectors can open them, and see only their own rows."""
EXCEPTIONS = {
    ("freeze:lift", "GET"): 200,
    ("freeze:lift", "POST"): 200,
    ("scheduling:offer_place", "GET"): 302,
    ("scheduling:offer_recurring_walk", "GET"): 302,
    ("on_the_day:briefing", "GET"): 403,
    ("undo:messages", "GET"): 404,
    ("undo:undo", "POST"): 404,
    ("feedback:place", "GET"): 302,
    ("feedback:place", "POST"): 403,
    ("places:place", "GET"): 404,
    ("improvements:public_words", "GET"): 302,
    ("improvements:public_words", "POST"): 403,
    ("posters:poster", "GET"): 404,
    ("posters:poster-a5", "GET"): 404,
    ("posters:take_down", "POST"): 404,
}
"""Restricted bookings are never shared or printed, and their concerns are on no list of places and never published.

Posters belong to a BCU and to no booking.

Only an inspector of another BCU lifts a freeze.

Only the inspector who decided can undo it.
"""
OWN_DECISION = ("undo:undo", "POST")
"""The inspector who decided before the booking was restricted is told that she can't undo it, and led to the queue."""
REQUESTER_DETAILS = ["Maya", "Peckham", "behind the library"]


@pytest.fixture
def kept(world, stranger):
    """The whole world, restricted to the stranger as nominated inspector, with the stranger's officers."""
    Booking.objects.update(nominated_inspector=stranger)
    Walk.objects.update(nominated_inspector=stranger, bcu=stranger.bcu)
    Concern.objects.update(nominated_inspector=stranger)
    Improvement.objects.update(nominated_inspector=stranger, owner=stranger)
    Freeze.objects.update(previous_nominated_inspector=stranger)
    Officer.objects.filter(role=Officer.Role.OFFICER).update(bcu=stranger.bcu)
    return world


@pytest.fixture
def colleague(stranger):
    """Another inspector of the nominated inspector's own BCU."""
    return InspectorFactory(bcu=stranger.bcu)


def staff_addresses(world):
    names = [address.name for address in every_address() if address.is_for_staff and address.name in world.args]
    return [name for name in names if name not in OFFICER_PAGES | PHONE_BOOKING_PAGES | AUDITOR_PAGES]


def answers_to(world, who, person):
    world.people[who] = person
    client, statuses = world.enter(who), {}
    for name in staff_addresses(world):
        for method in ("GET", "POST"):
            with rolled_back():
                statuses[name, method] = world.ask(client, name, method).status_code
    return statuses


# --- Pages, buttons and lists ---------------------------------------------------------------------------------------


LISTS_BY_CODE = {
    *("audit:report", "audit:download", "account_closure:close", "invitation:send_again", "sign_out:everywhere"),
    *("people:powers", "people:reopen", "people:start_again", "teams:team", "teams:borough", "partners:contacts"),
    *("proposals:proposal", "proposals:refuse", "places:place"),
    *("posters:poster", "posters:poster-a5", "posters:take_down"),
}
"""The auditor's lists with a code in their address, what administrators look after, and places and posters of the BCU.

A place shows only the concerns that its reader can see.
"""


@pytest.mark.parametrize("who", ["inspector", "colleague"])
def test_restricted_pages_do_not_exist_for_other_inspectors(who, kept, inspector, colleague):
    person = {"inspector": inspector, "colleague": colleague}[who]

    answered = answers_to(kept, who, person)

    assert len(answered) > 25
    pages = {line: code for line, code in answered.items() if line[0] not in LISTS_BY_CODE and line != OWN_DECISION}
    assert {line: code for line, code in pages.items() if code not in (404, 405)} == {}


def test_nominated_inspector_has_every_page_of_the_inspector(kept, stranger):
    answered = answers_to(kept, "stranger", stranger)

    expected = {line: int(EXPECTED_RESPONSES[line]["inspector"].rstrip("*")) for line in answered} | EXCEPTIONS
    refused = {line: code for line, code in answered.items() if code in (403, 404, 405) and code != expected[line]}
    assert refused == {}
    assert {line: code for line, code in answered.items() if line[1] == "GET"} == {
        line: code for line, code in expected.items() if line[1] == "GET"
    }


def lists_of(world):
    names = [address.name for address in every_address() if address.is_for_staff]
    names.remove("posters:new")  # it suggests libraries and stations, which are called Peckham too
    return [name for name in names if name not in world.args or name in OFFICER_PAGES]


def read(world, who, person, name):
    world.people[who] = person
    client = world.enter(who)
    return "".join(client.get(world.path(name) + query).text for query in LISTS.get(name, [""]))


def test_lists_of_other_inspectors_show_no_restricted_booking(kept, inspector, colleague):
    secret = [*REQUESTER_DETAILS, *(booking.spoken_reference for booking in Booking.objects.all())]

    pages = {
        (name, person.pk): read(kept, "reader", person, name)
        for name in lists_of(kept)
        for person in (inspector, colleague)
    }

    assert len(pages) >= 2 * len(LISTS)
    assert {key: told for key, page in pages.items() if (told := [word for word in secret if word in page])} == {}


@pytest.mark.parametrize("name", LISTS)
def test_lists_of_the_nominated_inspector_show_restricted_bookings(name, kept, stranger):
    page = read(kept, "stranger", stranger, name)

    addresses = [str(booking.pk) for booking in Booking.objects.all()]
    assert [word for word in [*REQUESTER_DETAILS, *addresses] if word in page]


def test_visible_to_gives_restricted_rows_only_to_the_nominated_inspector(kept, inspector, stranger, colleague):
    hidden = {Booking: Booking.objects.exclude(erasure_due_at=None).count()}  # she asked us to delete her details
    counts = {
        (model.__name__, person.name): model.objects.visible_to(person).count()
        == model.objects.count() - hidden.get(model, 0)
        for model in (Booking, Walk, Concern)
        for person in (inspector, stranger)
    }

    assert {key: whole for key, whole in counts.items() if key[1] == stranger.name} == {
        (model, stranger.name): True for model in ("Booking", "Walk", "Concern")
    }
    for model in (Booking, Walk, Concern):
        assert model.objects.count()
        assert not model.objects.visible_to(inspector).exists()
        assert not model.objects.visible_to(colleague).exists()


def test_nominated_inspector_sees_nothing_else_of_the_other_bcu(stranger, southwark):
    BookingFactory(borough=southwark)
    ConcernFactory(report__booking__borough=southwark)

    assert not Booking.objects.visible_to(stranger).exists()
    assert not Concern.objects.visible_to(stranger).exists()


def test_officers_on_a_restricted_walk_can_see_it(kept, officer):
    kept.people["on_it"] = Officer.objects.get(pk=officer.pk)
    client = kept.enter("on_it")

    assert kept.ask(client, "on_the_day:walk").status_code == 200
    assert "Maya" in kept.ask(client, "on_the_day:walk").text


# --- Actions and messages -------------------------------------------------------------------------------------------


def test_other_inspectors_cannot_act_on_a_restricted_booking(kept, inspector, stranger, plan_of):
    waiting = Booking.objects.filter(status=Status.WAITING).first()
    scheduled = Walk.objects.filter(status="scheduled", start_at__gt=timezone.now()).earliest("start_at")
    concern = Concern.objects.get(report__by_officer=None, report__booking__isnull=False, improvement=None)
    booking = scheduled.bookings.first()
    tried = {
        "decline": lambda: decline_now(waiting, inspector, reason="other", message="No"),
        "cancel": lambda: cancel_now(booking, inspector, reason="other"),
        "settle": lambda: record_outcome(booking, by=inspector, version=1, outcome=Status.COMPLETED),
        "reach": lambda: record_contact(waiting, IN_PERSON, by=inspector, version=1),
        "confirm": lambda: confirm_by_phone(waiting, by=inspector, version=1),
        "phone": lambda: reveal_phone(waiting, by=inspector),
        "schedule": lambda: schedule_now(waiting, inspector, plan=plan_of(10), officers=[]),
        "change": lambda: change_now(scheduled, inspector, plan=plan_of(10), officers=[]),
        "screen": lambda: start_screening(concern, by=inspector),
    }

    for attempt in tried.values():
        with pytest.raises(PermissionDenied):
            attempt()

    assert not can_decide(inspector, waiting)
    assert can_decide(stranger, waiting)


@pytest.fixture
def plan_of(db):
    def make(days):
        return WalkDetails(
            start_at=timezone.now() + datetime.timedelta(days=days),
            minutes=60,
            meeting_place="Peckham Rye station",
            finish_place="Back at the start",
            duty_number="020 7946 0102",
        )

    return make


@pytest.fixture
def team(stranger):
    return [OfficerFactory(bcu=stranger.bcu, shoulder_number=f"{number}CN") for number in (81, 82)]


@pytest.fixture
def restricted(southwark, stranger):
    return BookingFactory(borough=southwark, nominated_inspector=stranger)


def test_restricted_walk_has_the_nominated_inspectors_officers(restricted, stranger, team, officer, plan_of):
    with pytest.raises(ActionError, match="is not available"):
        schedule_now(restricted, stranger, plan=plan_of(9), officers=[officer, *team])

    walk = schedule_now(restricted, stranger, plan=plan_of(9), officers=team)

    assert (walk.nominated_inspector, walk.bcu) == (stranger, stranger.bcu)
    suggested = Team.load(restricted.team, slot=None).suggest(None, ward_ids=set())
    assert {suggestion.officer.bcu for suggestion in suggested} == {stranger.bcu}


def test_news_goes_only_to_the_nominated_inspector(restricted, stranger, team, plan_of, southwark):
    walk = schedule_now(restricted, stranger, plan=plan_of(9), officers=team)
    withdraw_from_walk(walk, by=team[0])
    Walk.objects.update(start_at=timezone.now())
    restricted.refresh_from_db()
    report_nobody_came(restricted)

    to_team = [message.recipient for message in Message.objects.filter(thread__startswith="bcu:")]
    assert to_team == [stranger.email] * 2
    assert not {southwark.bcu.inbox, stranger.bcu.inbox} & {message.recipient for message in Message.objects.all()}


def test_requester_gets_the_nominated_inspectors_team_and_number(restricted, stranger, team, plan_of, southwark):
    BoroughCommandUnit.objects.filter(pk=southwark.bcu.pk).update(duty_number="020 7946 0999")
    BoroughCommandUnit.objects.filter(pk=stranger.bcu.pk).update(duty_number="020 7946 0888")
    restricted = Booking.objects.get(pk=restricted.pk)
    schedule_now(restricted, restricted.nominated_inspector, plan=plan_of(9), officers=team)

    contents = "".join(
        f"{message.text}{message.html}" for message in Message.objects.in_thread(requester_thread(restricted))
    )
    card = "".join(line.text for line in WalkCard.of(restricted).lines())

    for words in (contents, card):
        assert "020 7946 0888" in words
        assert "Central North neighbourhood policing team" in words
        assert "020 7946 0999" not in words
        assert "Central South" not in words


def test_only_the_nominated_inspector_sees_a_walk_short_of_officers(
    restricted, stranger, inspector, colleague, team, plan_of
):
    walk = schedule_now(restricted, stranger, plan=plan_of(9), officers=team)
    Assignment.objects.filter(officer=team[0]).update(is_live=False)

    short = {p: list(Walk.objects.visible_to(p).short_of_officers(timezone.now())) for p in (stranger, colleague)}

    assert short == {stranger: [walk], colleague: []}
    assert not Walk.objects.visible_to(inspector).exists()


# --- The nominated inspector ----------------------------------------------------------------------------------------


def test_nominated_inspector_for_bcu(bcu, stranger):
    nominated = InspectorFactory(bcu=stranger.bcu)
    bcu.nominated_inspector = nominated

    assert Officer.objects.nominated_inspector_for(bcu) == nominated


@pytest.mark.parametrize("broken", [{"is_active": False}, {"role": Officer.Role.OFFICER}, {"bcu": "her own"}])
def test_nominated_inspector_is_never_of_the_same_bcu_or_inactive(broken, bcu, inspector, stranger):
    nominated = InspectorFactory(bcu=stranger.bcu)
    bcu.nominated_inspector = nominated
    Officer.objects.filter(pk=nominated.pk).update(**{k: bcu if v == "her own" else v for k, v in broken.items()})

    assert Officer.objects.nominated_inspector_for(bcu) == stranger


def test_next_bcu_by_code_provides_the_nominated_inspector(bcu, camden, stranger, southwark):
    assert Officer.objects.nominated_inspector_for(bcu) == stranger
    last = InspectorFactory(bcu=camden.bcu)

    assert Officer.objects.nominated_inspector_for(bcu) == stranger
    assert Officer.objects.nominated_inspector_for(camden.bcu) is None
    Officer.objects.filter(pk=last.pk).update(bcu=bcu)
    assert Officer.objects.nominated_inspector_for(camden.bcu) == last


def test_departed_nominated_inspector_is_replaced_from_another_bcu(restricted, stranger, team, plan_of):
    successor = InspectorFactory(bcu=stranger.bcu)
    schedule_now(restricted, stranger, plan=plan_of(9), officers=team)
    concern = ConcernFactory(report__booking=restricted)
    Officer.objects.filter(pk=stranger.pk).update(is_active=False)

    jobs.reassign_restricted_bookings(timezone.now())
    feedback_jobs.reassign_concerns(timezone.now())

    for row in (restricted, restricted.walk, concern):
        row.refresh_from_db()
        assert row.nominated_inspector == successor
    assert restricted.events.filter(kind=EventKind.REASSIGNED).count() == 1


def test_reassignment_drops_the_claim_and_raises_versions(restricted, stranger, team, plan_of):
    InspectorFactory(bcu=stranger.bcu)
    walk = schedule_now(restricted, stranger, plan=plan_of(9), officers=team)
    broken_off = WalkFactory(bcu=stranger.bcu, nominated_inspector=stranger, status="cut_short")
    Booking.objects.update(cut_short_walk=broken_off)
    Claim.objects.create(booking=restricted, officer=stranger)
    Officer.objects.filter(pk=stranger.pk).update(is_active=False)
    before, version = Walk.objects.in_bulk(), Booking.objects.get().version

    reassign_booking(Booking.objects.get())

    after, passed_on = Walk.objects.in_bulk(), Booking.objects.get()
    assert get_claim(passed_on) is None
    assert passed_on.version == version + 1
    for pk in (walk.pk, broken_off.pk):
        assert after[pk].nominated_inspector == passed_on.nominated_inspector != stranger
        assert after[pk].version == before[pk].version + 1


def test_booking_is_reassigned_once_by_two_jobs(restricted, stranger):
    successor = InspectorFactory(bcu=stranger.bcu)
    Officer.objects.filter(pk=stranger.pk).update(is_active=False)
    found_by_both = [Booking.objects.get(), Booking.objects.get()]

    for booking in found_by_both:
        reassign_booking(booking)

    restricted.refresh_from_db()
    assert (restricted.nominated_inspector, restricted.version) == (successor, 2)
    assert restricted.events.filter(kind=EventKind.REASSIGNED).count() == 1


def test_booking_stays_with_a_departed_nominated_inspector_without_successor(restricted, stranger, inspector):
    Officer.objects.filter(pk=stranger.pk).update(is_active=False)

    reassign_booking(restricted)

    restricted.refresh_from_db()
    assert (restricted.nominated_inspector, restricted.version) == (stranger, 1)
    assert list(Booking.objects.with_departed_nominated_inspector()) == [restricted]


def test_shared_walk_stays_with_its_nominated_inspector(restricted, southwark, stranger, team, plan_of):
    """No restricted walk is shared today. If one were, it must not move with a single booking."""
    InspectorFactory(bcu=stranger.bcu)
    walk = schedule_now(restricted, stranger, plan=plan_of(9), officers=team)
    scheduled_booking(team, borough=southwark, nominated_inspector=stranger, walk=walk)
    Officer.objects.filter(pk=stranger.pk).update(is_active=False)

    reassign_booking(restricted)

    walk.refresh_from_db()
    assert restricted.nominated_inspector != stranger
    assert walk.nominated_inspector == stranger


def test_booking_with_an_active_nominated_inspector_is_not_reassigned(restricted):
    jobs.reassign_restricted_bookings(timezone.now())

    restricted.refresh_from_db()
    assert restricted.version == 1
    assert not Booking.objects.with_departed_nominated_inspector().exists()


def test_nominated_inspector_who_joins_the_bcu_loses_sight_of_the_booking(restricted, stranger, southwark):
    scheduled_booking([OfficerFactory(bcu=southwark.bcu)], borough=southwark)
    Officer.objects.filter(pk=stranger.pk).update(bcu=southwark.bcu)
    stranger.refresh_from_db()

    assert restricted not in Booking.objects.visible_to(stranger)
    assert list(Booking.objects.with_departed_nominated_inspector()) == [restricted]
