"""An administrator closes an account: everything ends at once, and what was theirs is listed for colleagues."""

import datetime
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from administration.account_closure import actions
from administration.account_closure.actions import close_account
from bookings.models.bookings import Booking
from bookings.models.claims import Claim
from bookings.models.events import Event
from bookings.models.read_log import ReadLog
from bookings.notices.officer_emails import send_officer_assigned
from bookings.notices.threads import team_booking_thread
from bookings.request_form.emails import send_request_received
from bookings.statuses import EventKind
from bookings.triage.escalation import send_answer_due_alert
from boroughs.models.officers import Officer
from feedback.models.concerns import UNOWNED, Concern
from feedback.statuses import State
from outbox.models import Message
from outbox.statuses import State as MessageState
from tests.support.alerts import rows_alerted
from tests.support.concurrency import run_concurrently
from tests.support.factories import (
    PASSWORD,
    BookingFactory,
    ClaimFactory,
    InspectorFactory,
    OfficerFactory,
    RecurringWalkFactory,
    WalkFactory,
    in_days,
    scheduled_booking,
)
from tests.support.feedback_factories import REVIEW_DATE, ConcernFactory, make_completed_booking
from tests.support.lock_waits import press_while_locked
from tests.support.password_links import choose, link_to
from tests.support.people import make_administrator
from tests.support.proposals import reopen_by_two
from tests.support.second_factors import add_passkey
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed
from walkandtalk.lib.rows import save_changes
from walks.feeds.actions import create_feed
from walks.locks import lock_officers, lock_walk
from walks.models.takeovers import Takeover
from walks.models.walks import Walk
from walks.statuses import TakeoverAnswer, WalkStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_administrator(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def walk(southwark, team):
    return scheduled_booking(team, borough=southwark).walk


@pytest.fixture
def colleague(bcu):
    return InspectorFactory(bcu=bcu, name="Carla Colleague")


def sign_in(person):
    client = Client()
    client.post("/staff/sign-in/", {"username": person.email, "password": PASSWORD})
    return client


def address(person):
    return reverse("account_closure:close", args=[person.pk])


def press(client, person, **answers):
    return client.post(address(person), {"has_rung": "on", **answers})


def written(kind):
    return Message.objects.filter(kind=kind)


# --- What they could open ---------------------------------------------------------------------------------------------


def test_open_page_of_someone_who_left_asks_to_sign_in_and_refuses_her(as_administrator, officer):
    browser = sign_in(officer)
    before = browser.get("/staff/walks/").status_code

    press(as_administrator, officer)

    after = browser.get("/staff/walks/")
    again = browser.post("/staff/sign-in/", {"username": officer.email, "password": PASSWORD})
    assert (before, after.status_code) == (200, 302)
    assert after["Location"].startswith("/staff/sign-in/")
    assert again.status_code != 302


def test_feed_of_someone_who_left_is_gone(as_administrator, officer):
    feed = reverse("calendar-feed", args=[create_feed(officer)])
    before = Client().get(feed).status_code

    press(as_administrator, officer)

    assert (before, Client().get(feed).status_code) == (200, 404)


def test_neither_session_nor_feed_lives_again_if_she_comes_back(as_administrator, officer):
    browser, feed = sign_in(officer), reverse("calendar-feed", args=[create_feed(officer)])
    press(as_administrator, officer)

    reopen_by_two(officer)

    assert Officer.objects.get(pk=officer.pk).is_active
    assert (browser.get("/staff/walks/").status_code, Client().get(feed).status_code) == (302, 404)


def test_password_and_second_factors_go_and_whoever_comes_back_is_invited(as_administrator, officer):
    add_passkey(officer)
    press(as_administrator, officer)

    reopen_by_two(officer)

    assert not Authenticator.objects.exists()
    assert sign_in(officer).get("/staff/walks/").status_code == 302
    back = Client()
    back.get(link_to(officer))
    choose(back)
    assert back.get("/staff/walks/").status_code == 200


def test_one_administrator_closes_no_account_of_an_auditor(as_administrator, auditor):
    page = as_administrator.get(address(auditor))
    pressed = press(as_administrator, auditor)

    auditor.refresh_from_db()
    assert ("Propose another role for them first" in page.text, pressed.status_code, auditor.is_active) == (
        *(True, 409),
        True,
    )


def test_everyone_concerned_hears_that_a_nominated_inspector_is_gone(as_administrator, stranger, southwark):
    other, successor = make_administrator(), InspectorFactory(bcu__code="EA", bcu__name="East Area")
    save_changes(southwark.bcu, nominated_inspector=stranger)

    press(as_administrator, stranger)

    messages = written("team_nomination_ended")
    assert {message.recipient for message in messages} == {southwark.bcu.inbox, other.email, successor.email}
    assert successor.display_name in messages[0].text


@pytest.mark.parametrize(
    "name", ["account_closure:close", "people:add", "bulk:close", "people_files:check", "people_files:export"]
)
def test_pages_that_would_help_a_thief_ask_to_confirm(name, client, administrator, officer):
    client.post("/staff/sign-in/", {"username": administrator.email, "password": PASSWORD})
    page = reverse(name, args=[officer.pk] if name == "account_closure:close" else [])
    page += f"?person={officer.pk}" if name == "bulk:close" else ""

    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=11), tick=False):
        answers = [getattr(client, method)(page) for method in ("get", "post")]

    assert {answer["Location"] for answer in answers} == {f"/staff/confirm/password/?{urlencode({'next': page})}"}


# --- What was theirs --------------------------------------------------------------------------------------------------


def test_walks_bookings_and_concerns_are_listed_for_colleagues(as_administrator, southwark, bcu, inspector, colleague):
    save = {"role": Officer.Role.INSPECTOR, "leads_walks": True, "bcu": bcu}
    leaver = OfficerFactory(**save)
    walk = scheduled_booking([leaver, OfficerFactory(bcu=bcu)], borough=southwark).walk
    booking = ClaimFactory(booking__borough=southwark, officer=leaver).booking
    concern = ConcernFactory(
        report__booking=BookingFactory(borough=southwark), state=State.ACCEPTED, owner=leaver, review_date=REVIEW_DATE
    )

    response = press(as_administrator, leaver)

    browser = Client()
    browser.force_login(inspector)
    queue = browser.get("/staff/bookings/", {"state": "unassigned"})
    concerns = browser.get("/staff/concerns/", {"show": "nobodys"})
    assert response["Location"] == reverse("administrator-today")
    assert rows_alerted(browser, "short") == [str(walk.pk)]
    assert str(booking.pk) in queue.text
    assert [row.concern for row in concerns.context["rows"]] == [concern]


def test_history_keeps_their_names_and_says_who_did_it(administrator, walk, southwark, inspector, officer):
    claimed = ClaimFactory(booking__borough=southwark, officer=inspector).booking
    done = ClaimFactory(booking=make_completed_booking([officer], borough=southwark), officer=inspector).booking
    concern = ConcernFactory(owner=inspector, state=State.ACCEPTED, review_date=REVIEW_DATE)

    close_account(inspector, by=administrator)
    close_account(officer, by=administrator)

    (released,) = Event.objects.filter(kind=EventKind.CLAIM_RELEASED)
    (withdrawn,) = Event.objects.filter(kind=EventKind.OFFICER_WITHDRAWN)
    assert (released.booking, released.by) == (claimed, administrator)
    assert (withdrawn.walk, withdrawn.by) == (walk, administrator)
    assert Claim.objects.get().booking == done
    assert officer in [assignment.officer for assignment in done.walk.assignments.filter(is_live=True)]
    assert inspector.name in concern.events.get().texts.internal
    assert Concern.objects.filter(UNOWNED).contains(concern)


def test_walk_whose_time_passed_keeps_its_officers(administrator, bcu, team, officer):
    over = WalkFactory(bcu=bcu, officers=team, start_at=in_days(-3))

    close_account(officer, by=administrator)

    assert over.assignments.filter(officer=officer, is_live=True).exists()
    assert not written("team_officer_withdrew").exists()


def test_colleague_who_asked_them_to_take_over_can_ask_someone_else(administrator, bcu, walk, officer):
    asked = OfficerFactory(bcu=bcu)
    takeover = Takeover.objects.create(walk=walk, asked_by=officer, colleague=asked, start_at=walk.start_at)

    close_account(asked, by=administrator)

    takeover.refresh_from_db()
    assert takeover.answer == TakeoverAnswer.DECLINED
    assert written("officer_takeover_declined").get().recipient == officer.email


def test_message_to_them_that_has_not_left_is_stopped(administrator, walk, officer):
    """It says where a requester will be, and the account may have been closed because of what its owner did."""
    send_officer_assigned(walk, officer)

    close_account(officer, by=administrator)

    assert written("officer_assigned").get().state == MessageState.SUPERSEDED
    assert not Message.objects.filter(thread__startswith=f"officer:{officer.pk}:").unsent().exists()


def test_usual_officers_and_nominations_end(administrator, bcu, stranger, officer):
    recurring_walk = RecurringWalkFactory(bcu=bcu, officers=[officer])
    bcu.nominated_inspector = stranger
    bcu.save()

    close_account(officer, by=administrator)
    close_account(stranger, by=administrator)

    bcu.refresh_from_db()
    ended = SecurityEvent.objects.get(kind=Kind.NOMINATION_ENDED)
    assert not recurring_walk.officers.exists()
    assert recurring_walk.events.get().by == administrator
    assert (bcu.nominated_inspector, ended.subject, ended.change) == (None, stranger, bcu.code)


# --- A walk that is going on ------------------------------------------------------------------------------------------


@pytest.fixture
def going_on(southwark, team):
    start_at = timezone.now() - timezone.timedelta(minutes=20)
    walk = WalkFactory(
        bcu=southwark.bcu, officers=team, start_at=start_at, status=WalkStatus.UNDER_WAY, started_at=start_at
    )
    scheduled_booking(team, borough=southwark, walk=walk)
    return walk


def test_walk_that_is_going_on_asks_to_ring_first(as_administrator, going_on, officer):
    page = as_administrator.get(address(officer))
    refused = press(as_administrator, officer, has_rung="")

    officer.refresh_from_db()
    assert "They’re on a walk now" in page.text
    assert (refused.status_code, officer.is_active) == (422, True)
    assert "Ring the duty number, then tick that you have" in refused.text


def test_of_everyone_who_leads_walks_it_asks_because_some_walks_are_not_shown(as_administrator, officer, lead):
    answers = [press(as_administrator, person, has_rung="").status_code for person in (officer, lead)]

    assert answers == [422, 302]


def test_idle_phone_stops_and_the_others_are_told_to_ring(as_administrator, going_on, team, bcu, settings):
    officer, other = team
    phone = sign_in(officer)
    session = phone.session
    session["seen_at"] -= settings.STAFF_IDLE.total_seconds() + 60
    session.save()
    page = reverse("on_the_day:walk", args=[going_on.pk])
    idle = phone.get(page)

    press(as_administrator, officer, has_rung="on")

    pressed = phone.post(reverse("on_the_day:end_walk", args=[going_on.pk]))
    going_on.refresh_from_db()
    assert idle.status_code == 200
    assert pressed["Location"].startswith("/staff/sign-in/")
    assert phone.get(page)["Location"].startswith("/staff/sign-in/")
    assert (going_on.status, going_on.live_officers()) == (WalkStatus.UNDER_WAY, [other])
    told = written("team_officer_cut_off").get()
    assert (told.recipient, told.expires_at, "1 other officer is on it" in told.text) == (bcu.inbox, None, True)
    told = written("officer_walk_changed").get(thread__contains=str(other.pk))
    assert (told.expires_at, "Don’t leave the requester alone" in told.text) == (None, True)


def test_team_is_told_that_nobody_else_is_there(administrator, going_on, team, inspector):
    officer, other = team
    going_on.assignments.filter(officer=other).update(is_live=False)

    close_account(officer, by=administrator)

    assert "she may be on her own" in written("team_officer_cut_off").get().text
    assert list(Walk.objects.short_of_officers(timezone.now())) == [going_on]


# --- The page, and who may press --------------------------------------------------------------------------------------


def test_page_shows_numbers_and_no_booking(as_administrator, southwark, walk, officer, stranger):
    restricted = ClaimFactory(booking__borough=southwark, booking__nominated_inspector=stranger, officer=stranger)
    mine = ClaimFactory(booking__borough__bcu=stranger.bcu, officer=stranger).booking
    ConcernFactory(owner=stranger, bcu=stranger.bcu, state=State.ACCEPTED, review_date=REVIEW_DATE)

    of_officer, of_inspector = (as_administrator.get(address(person)) for person in (officer, stranger))

    assert (of_officer.context["left"].walks, of_inspector.context["left"].bookings) == (1, 1)
    assert of_inspector.context["left"].concerns == 1
    for secret in (restricted.booking.spoken_reference, mine.spoken_reference, "Maya", "Peckham"):
        assert secret not in of_officer.text + of_inspector.text
    assert "They’re the only inspector of this BCU" in of_inspector.text
    assert not ReadLog.objects.exists()


def test_restricted_booking_is_handed_on_although_it_is_not_counted(administrator, southwark, stranger):
    ClaimFactory(booking__borough=southwark, booking__nominated_inspector=stranger, officer=stranger)

    left = close_account(stranger, by=administrator)

    assert (left.bookings, Claim.objects.count()) == (0, 0)
    assert list(Booking.objects.with_departed_nominated_inspector()) != []
    assert not written("team_colleague_left").exists()


def test_restricted_bookings_get_another_inspector_in_the_same_act(administrator, southwark, stranger, officer):
    successor = InspectorFactory(bcu=stranger.bcu)
    booking = scheduled_booking([officer], borough=southwark, nominated_inspector=stranger)
    Walk.objects.filter(pk=booking.walk_id).update(nominated_inspector=stranger)
    ended = BookingFactory(borough=southwark, nominated_inspector=stranger, status="declined")

    close_account(stranger, by=administrator)

    assert {row.nominated_inspector for row in Booking.objects.filter(pk__in=[booking.pk, ended.pk])} == {successor}
    assert Walk.objects.get().nominated_inspector == successor
    assert not Booking.objects.with_departed_nominated_inspector().exists()


def test_messages_about_restricted_bookings_that_have_not_left_are_stopped(administrator, southwark, stranger):
    booking = BookingFactory(borough=southwark, nominated_inspector=stranger)
    other = BookingFactory(borough=southwark)
    asked_by_her = BookingFactory(borough=southwark, contact__email=stranger.email)
    for each in (booking, other):
        send_answer_due_alert(each, now=in_days(30))
    with transaction.atomic():
        send_request_received(asked_by_her, preferred_times=[])

    close_account(stranger, by=administrator)

    stopped = Message.objects.filter(state=MessageState.SUPERSEDED)
    assert [message.thread for message in stopped] == [team_booking_thread(booking)]


def test_team_whose_inbox_is_their_address_goes_on_getting_messages(administrator, southwark, inspector, walk):
    southwark.bcu.inbox = inspector.email
    southwark.bcu.save()
    send_officer_assigned(walk, inspector)
    send_answer_due_alert(BookingFactory(borough=southwark), now=in_days(30))

    close_account(inspector, by=administrator)

    assert [message.kind for message in Message.objects.filter(state=MessageState.SUPERSEDED)] == ["officer_assigned"]


def test_team_reads_numbers_and_the_logs_have_the_act(as_administrator, administrator, walk, officer, bcu):
    press(as_administrator, officer)

    message = written("team_colleague_left").get()
    event, line = SecurityEvent.objects.get(kind=Kind.DEACTIVATED), LogEntry.objects.get()
    assert message.recipient == bcu.inbox
    assert "Walks without them:\n1" in message.text.replace(": ", ":\n")
    assert officer.name not in message.subject
    assert (event.officer, event.subject) == (administrator, officer)
    assert (line.user, line.object_id, line.change_message) == (
        administrator,
        str(officer.pk),
        '[{"changed": {"fields": ["can sign in"]}}]',
    )


def test_nobody_closes_their_own_account(as_administrator, administrator):
    make_administrator()
    page, pressed = as_administrator.get(address(administrator)), press(as_administrator, administrator)

    administrator.refresh_from_db()
    assert actions.YOURSELF in page.text
    assert "Close this account</button>" not in page.text.replace("\n", "")
    assert (pressed.status_code, administrator.is_active) == (409, True)


def test_second_press_is_refused_and_changes_nothing(as_administrator, administrator, walk, officer):
    first = press(as_administrator, officer)

    second = press(as_administrator, officer)

    assert (first.status_code, second.status_code) == (302, 409)
    assert actions.CLOSED_ALREADY in second.text
    assert written("team_colleague_left").count() == SecurityEvent.objects.filter(kind=Kind.DEACTIVATED).count() == 1


def test_administrator_whose_account_was_closed_closes_none(administrator, officer):
    other = make_administrator()
    close_account(administrator, by=other)

    with pytest.raises(PermissionDenied):
        close_account(officer, by=administrator)


@pytest.mark.django_db(transaction=True)
def test_form_of_the_admin_that_is_saved_meanwhile_opens_no_closed_account(client):
    one, officer = make_administrator(), OfficerFactory()
    client.force_login(OfficerFactory(role=Officer.Role.ADMINISTRATOR, bcu=None, shoulder_number=""))
    page = reverse("admin:boroughs_officer_change", args=[officer.pk])
    form = client.get(page).context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value not in (None, False)}

    saved = press_while_locked(
        lambda: client.post(page, {**data, "name": "Another Name"}).status_code,
        lock=lambda: lock_officers([officer]),
        act=lambda: close_account(officer, by=one),
    )

    officer.refresh_from_db()
    assert (saved, officer.name == "Another Name", officer.is_active, officer.access_version) == (302, False, False, 2)


@pytest.mark.django_db(transaction=True)
def test_press_while_a_walk_is_being_changed_is_refused_and_changes_nothing():
    officer, one = OfficerFactory(), make_administrator()
    walk = WalkFactory(bcu=officer.bcu, officers=[officer])

    def attempt():
        with pytest.raises(ActionError, match="Press the button again"):
            close_account(officer, by=one)

    press_while_locked(attempt, lock=lambda: lock_walk(walk), act=lambda: time.sleep(3.2))

    assert Officer.objects.get(pk=officer.pk).is_active
    assert walk.assignments.get().is_live


@pytest.mark.django_db(transaction=True)
def test_two_administrators_close_an_account_at_once_and_each_other():
    one, two = make_administrator(), OfficerFactory(role=Officer.Role.ADMINISTRATOR, bcu=None, shoulder_number="")
    leaver = OfficerFactory()

    def attempt(person, by):
        try:
            close_account(Officer.objects.get(pk=person.pk), by=Officer.objects.get(pk=by.pk))
        except (TransitionNotAllowed, PermissionDenied) as error:
            return type(error)
        except ActionError:  # the machine is so busy that the other press took longer than the lock waits
            return attempt(person, by)
        return "closed"

    same = run_concurrently(lambda: attempt(leaver, one), lambda: attempt(leaver, two))
    each_other = run_concurrently(lambda: attempt(one, two), lambda: attempt(two, one))

    assert set(same) == {"closed", TransitionNotAllowed}
    assert set(each_other) == {"closed", PermissionDenied}
    assert Officer.objects.filter(role=Officer.Role.ADMINISTRATOR, is_active=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_restricted_walk_is_locked_before_its_booking(southwark, stranger, officer, administrator):
    successor = InspectorFactory(bcu=stranger.bcu)
    booking = scheduled_booking([officer], borough=southwark, nominated_inspector=stranger)
    Walk.objects.filter(pk=booking.walk_id).update(nominated_inspector=stranger)

    press_while_locked(
        lambda: close_account(stranger, by=administrator),
        lock=lambda: lock_walk(booking.walk),
        # It would fail if the press held the booking while it waits for the walk.
        act=lambda: Booking.objects.select_for_update(nowait=True, no_key=True).get(pk=booking.pk),
    )

    assert Booking.objects.get().nominated_inspector == successor
