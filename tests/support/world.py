"""Rows that every address of the service can be asked about, and what is sent there."""

import copy
import datetime
import uuid
from dataclasses import dataclass, field

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings.models.drafts import Draft
from bookings.models.links import Link
from bookings.models.one_officer import OneOfficerQuestion
from bookings.request_form.actions import Taken, request_booking
from bookings.request_form.forms.send import SendForm
from bookings.request_form.questions import booking_request
from bookings.statuses import Status, TakenHow, Word
from feedback.statuses import State
from tests.support import people as support_people
from tests.support.addresses import NEUTRAL, URLCONFS
from tests.support.drafts_and_messages import finished_draft, lost_news
from tests.support.factories import (
    PASSWORD,
    AgreementFactory,
    BookingFactory,
    BoroughFactory,
    GuestFactory,
    OfferFactory,
    OfficerFactory,
    StandingWalkFactory,
    WalkFactory,
    in_days,
    scheduled_booking,
)
from tests.support.feedback_factories import REVIEW_DATE, ConcernFactory, asked_whether_better, walked_booking
from tests.support.form_data import STEP_FREE, date_data, offer_data, plan_data, standing_data, still_holds, taken_down
from walkandtalk.lib import london
from walks.feeds.actions import make_feed
from walks.statuses import WalkStatus

NEW_PASSWORD = "quiet lanterns by the river"


@dataclass
class World:
    """Something to see and to do behind every address."""

    people: dict
    cookie: str
    args: dict
    answers: dict = field(default_factory=dict)

    def copy(self):
        """Its objects as they were built, for a test whose rows are taken back and whose objects are not."""
        return copy.deepcopy(self)

    def path(self, name):
        prefix = NEUTRAL if name.startswith(NEUTRAL) else ""
        plain = name.removeprefix(prefix)
        return reverse(plain, urlconf=URLCONFS[prefix], args=self.args.get(plain, []))

    def enter(self, who, **options):
        """The browser of this person, half way through a request of her own."""
        client = Client(**options)
        if person := self.people[who]:
            client.force_login(person)
        client.cookies[settings.ANSWERS_COOKIE_NAME] = self.cookie
        return client

    def ask(self, client, name, method="GET", **more):
        """What the address answers. Cookies stay as they were, so that one question does not colour the next."""
        host = settings.DISCREET_HOST if name.startswith(NEUTRAL) else "testserver"
        kept = copy.deepcopy(client.cookies)
        more = {"data": self.answers.get(name.removeprefix(NEUTRAL), {})} | more if method == "POST" else more
        response = getattr(client, method.lower())(self.path(name), headers={"host": host}, **more)
        client.cookies = kept
        return response


def new_world():
    """The same with people of its own, for what is built once for many tests."""
    southwark, camden = BoroughFactory(), support_people.make_camden()
    return build_world(
        inspector=support_people.make_inspector(southwark.bcu),
        officer=support_people.make_officer(southwark.bcu),
        second_officer=support_people.make_second_officer(southwark.bcu),
        stranger=support_people.make_stranger(camden.bcu),
        lead=support_people.make_lead(),
        administrator=support_people.make_administrator(),
    )


def build_world(*, inspector, officer, second_officer, stranger, lead, administrator):
    team = [officer, second_officer]
    borough = inspector.bcu.boroughs.get()
    waiting = BookingFactory(borough=borough)
    marked = BookingFactory(borough=borough, safeguarding_at=timezone.now(), safeguarding_by=officer)
    taken = BookingFactory(borough=borough, taken_by=inspector, taken_at=timezone.now())
    unconfirmed = BookingFactory(borough=borough, confirmed_at=None, contact__phone_rules=["call"])
    offered = OfferFactory(booking__borough=borough)
    soon = timezone.now() + datetime.timedelta(minutes=50)
    tonight = scheduled_booking(team, borough=borough, walk=_walk(team, start_at=soon))
    begun = {"status": WalkStatus.UNDER_WAY, "started_at": in_days(-1)}
    under_way = scheduled_booking(team, borough=borough, walk=_walk(team, start_at=in_days(-1), **begun))
    just_begun = {"start_at": timezone.now() - datetime.timedelta(minutes=12), "minutes": 20}
    waited_for = scheduled_booking(team, borough=borough, walk=_walk(team, **just_begun))
    not_met = BookingFactory(borough=borough, walk=waited_for.walk, status=Status.MISSED_BY_HER)
    unsettled = scheduled_booking(team, borough=borough, walk=_walk(team, start_at=in_days(-3)))
    called_off = BookingFactory(borough=borough, status=Status.CANCELLED_BY_US, outcome_code="illness")
    stopped = BookingFactory(borough=borough, stopped_at=timezone.now())
    asking = scheduled_booking(
        team, borough=borough, walk=_walk(team, start_at=in_days(20)), asked_again_at=timezone.now()
    )
    short = scheduled_booking([officer], borough=borough, walk=_walk([officer], start_at=in_days(30)))
    about_one = scheduled_booking(
        [officer], borough=borough, walk=_walk([officer], start_at=in_days(31)), contact__phone_rules=["call"]
    )
    question = OneOfficerQuestion.objects.create(booking=about_one, walk=about_one.walk, by=inspector)
    asked = scheduled_booking(team, borough=borough, walk=_walk(team, start_at=in_days(14)))
    AgreementFactory(booking=asked)
    guest = GuestFactory(walk=asked.walk)
    standing = StandingWalkFactory(bcu=inspector.bcu, officers=team)
    today = london.today()
    next_date = next(standing.dates(today + datetime.timedelta(days=2), today + datetime.timedelta(days=10)))
    open_to_others = scheduled_booking(team, borough=borough, walk=_walk(team, start_at=in_days(15)))
    AgreementFactory(booking=open_to_others, answer=Word.YES, answered_at=timezone.now())
    walked = walked_booking(team, borough=borough, start_at=in_days(-2))
    concern = ConcernFactory(report__booking=walked)
    noted = ConcernFactory(report__booking=walked, report__by_officer=officer)
    looked_after = {"owner": inspector, "review_date": REVIEW_DATE}
    looked_into = ConcernFactory(report=noted.report, state=State.ACCEPTED, **looked_after)
    was_done = ConcernFactory(report=noted.report, state=State.RESOLVED, **looked_after)
    is_better = asked_whether_better(was_done)
    colleague = OfficerFactory(bcu=inspector.bcu, name="Nora Notonit")
    draft, cookie = finished_draft(borough=borough.gss)
    written, _cookie = finished_draft(borough=borough.gss, taken={"how": "phone"})
    handed, _cookie = finished_draft(borough=borough.gss, email="", taken={"how": "phone"})
    Draft.objects.filter(pk__in=[written.pk, handed.pk]).update(by=inspector)
    handed.refresh_from_db()
    rung = {**handed.answers, "contact": {**handed.answers["contact"], "channel": "none"}}
    by_phone = Taken(by=inspector, how=TakenHow.PHONE, spoken=False)
    request_booking(handed, request=booking_request(rung), taken=by_phone)
    lost = lost_news(tonight.walk, officer)
    world = World(
        people={
            "signed_out": None,
            "on_it": officer,
            "not_on_it": colleague,
            "inspector": inspector,
            "stranger": stranger,
            "lead": lead,
            "administrator": administrator,
        },
        cookie=cookie,
        args={
            "boroughs:area": [borough.slug],
            "boroughs:area-picture": [borough.slug],
            "boroughs:poster": [borough.slug],
            "request_form:question": ["name"],
            "manage:page": [token_for(tonight)],
            "manage:confirm": [token_for(unconfirmed)],
            "manage:disown": [token_for(unconfirmed)],
            "manage:offer": [token_for(offered.booking)],
            "manage:company": [token_for(asked)],
            "manage:cancel": [token_for(tonight)],
            "manage:address": [token_for(waiting)],
            "manage:inbox": [token_for(waiting)],
            "manage:write_again": [token_for(stopped)],
            "manage:change": [token_for(waiting)],
            "manage:seen": [token_for(tonight)],
            "manage:nobody_came": [token_for(under_way)],
            "manage:stop": [token_for(tonight)],
            "manage:calendar": [token_for(tonight)],
            "manage:map": [token_for(tonight)],
            "feedback:tell_us": [token_for(walked)],
            "feedback:thanks": [token_for(walked)],
            "feedback:heard": [token_for(walked)],
            "feedback:correct": [token_for(walked), noted.pk],
            "feedback:better": [token_for(walked)],
            "feedback:answer": [looked_into.pk],
            "feedback:concern": [concern.pk],
            "feedback:join": [concern.pk],
            "feedback:note": [under_way.walk.pk],
            "feedback:walk_note": [under_way.walk.pk],
            "triage:booking": [waiting.pk],
            "triage:stop": [waiting.pk],
            "triage:close_stop": [marked.pk],
            "on_the_day:stop_on_walk": [tonight.walk.pk],
            "triage:take": [waiting.pk],
            "triage:put_back": [taken.pk],
            "triage:note": [waiting.pk],
            "scheduling:schedule": [waiting.pk],
            "scheduling:offer": [waiting.pk],
            "scheduling:offer_take_back": [offered.booking.pk],
            "scheduling:join": [waiting.pk],
            "scheduling:ask_company": [asking.walk.pk],
            "walks:standing": [standing.pk],
            "walks:standing_pause": [standing.pk],
            "scheduling:offer_standing": [waiting.pk],
            "on_the_day:briefing": [tonight.walk.pk],
            "scheduling:invite_guest": [asking.walk.pk],
            "scheduling:withdraw_guest": [asked.walk.pk, guest.pk],
            "triage:hand_over": [waiting.pk],
            "triage:decline": [waiting.pk],
            "scheduling:cancel": [tonight.pk],
            "scheduling:keep_plan": [asking.pk],
            "pins:reset_pin": [unconfirmed.pk],
            "triage:spoken": [unconfirmed.pk],
            "triage:reached": [called_off.pk],
            "triage:booking_phone": [waiting.pk],
            "calendar-feed": [make_feed(officer)],
            "staff_calendar:calendar_day": [tonight.walk.date],
            "walks:duty_of": [officer.pk],
            "walks:duty_week": [officer.pk],
            "walks:duty_days": [officer.pk],
            "on_the_day:settle": [unsettled.pk],
            "delivery_problems:send_again": [waiting.pk],
            "delivery_problems:send_staff_again": [lost.pk],
            "delivery_problems:staff_knows": [lost.pk],
            "delivery_problems:address": [waiting.pk],
            "phone_bookings:new_booking_more": [written.pk],
            "phone_bookings:new_booking_read_back": [written.pk],
            "phone_bookings:new_booking_sent": [handed.pk],
            "phone_bookings:new_booking_pin": [handed.pk],
            "on_the_day:walk": [tonight.walk.pk],
            "on_the_day:walk_map": [tonight.walk.pk],
            "on_the_day:phrase": [tonight.walk.pk],
            "on_the_day:ask_about_one": [short.walk.pk],
            "on_the_day:spoken_answer": [about_one.walk.pk, question.pk],
            "manage:one_officer": [token_for(about_one)],
            "on_the_day:set_off": [tonight.walk.pk],
            "on_the_day:arrive": [tonight.walk.pk],
            "on_the_day:not_there": [waited_for.walk.pk, waited_for.pk],
            "on_the_day:came": [waited_for.walk.pk, not_met.pk],
            "on_the_day:called_away": [waited_for.walk.pk],
            "scheduling:change": [tonight.walk.pk],
            "on_the_day:start": [tonight.walk.pk],
            "on_the_day:end": [under_way.walk.pk],
            "on_the_day:leave": [tonight.walk.pk],
            "on_the_day:phone": [tonight.walk.pk, tonight.pk],
        },
    )
    said = {"submission": str(uuid.uuid4()), "place_kinds": ["lighting"], "place": "The path behind the library"}
    world.answers = {
        "request_form:start": {"danger": "no"},
        "request_form:question": {"name": "Somebody else"},
        "request_form:check": SendForm(draft=draft.pk, now=timezone.now()).initial,
        "manage:address": {"email": "right@example.com"},
        "manage:inbox": {"channel": "none", "pin": "402817"},
        "manage:change": {
            **date_data("first_date", days=12),
            "first_start": "6:30pm",
            "meeting_place": "Nunhead station",
        },
        "manage:find": {"reference": tonight.reference},
        "manage:offer": {"pick": str(offered.pk), "of": str(offered.pk)},
        "manage:one_officer": {"of": str(question.pk), "answer": "yes"},
        "on_the_day:ask_about_one": {"version": short.walk.revision},
        "on_the_day:spoken_answer": {"answer": "yes", "spoken": "on"},
        "manage:company": {"may_join": "yes"},
        "manage:seen": {"version": tonight.version},
        "feedback:tell_us": said,
        "feedback:note": {**said, "booking": str(under_way.pk)},
        "feedback:correct": {"what": "correct", "version": 0, "place": "The other path", "text": "It was earlier."},
        "feedback:walk_note": {"submission": said["submission"], "booking": str(under_way.pk), "noted": ["as_planned"]},
        "feedback:better": {f"better_{is_better.pk.hex}": "no"},
        "feedback:answer": {"outcome": "no_action", "words": "It is private land.", "chapter": looked_into.chapter},
        "feedback:concern": {"outcome": "screening", "owner": inspector.pk},
        "feedback:join": {"other": looked_into.pk, "version": 0},
        "accounts:sign_in": {"username": inspector.email, "password": PASSWORD},
        "accounts:password": {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD},
        "phone_bookings:new_booking": taken_down(borough)[0],
        "phone_bookings:new_booking_more": taken_down(borough)[1],
        "pins:reset_pin": {"show": "yes"},
        "scheduling:keep_plan": {"version": asking.version, "words": "We are sorry."},
        "scheduling:schedule": {**plan_data(team, days=10), "version": waiting.version, **STEP_FREE},
        "scheduling:offer": {**offer_data(days=10), "version": waiting.version},
        "scheduling:offer_take_back": {"version": offered.booking.version},
        "scheduling:join": {
            "walk": open_to_others.walk.pk,
            "place": "Peckham",
            "version": waiting.version,
            **STEP_FREE,
        },
        "walks:standing_new": standing_data(),
        "walks:standing": standing_data(),
        "scheduling:offer_standing": {
            "pick": f"{standing.pk}:{next_date.isoformat()}",
            "version": waiting.version,
            **STEP_FREE,
        },
        "scheduling:invite_guest": {
            "name": "Amira Khan",
            "role": "chair of the ward panel",
            "organisation": "Safer Neighbourhood Board",
            "version": asking.walk.revision,
        },
        "scheduling:ask_company": {"most": 3, "version": asking.walk.revision},
        "triage:hand_over": {"to": stranger.bcu_id, "note": "Nearer to you.", "version": waiting.version},
        "triage:decline": {"reason": "no_officers", "alternatives": ["other_time"], "version": waiting.version},
        "scheduling:cancel": {"reason": "illness", "words": "We are sorry.", "version": tonight.version},
        "scheduling:change": {**plan_data(team, days=11), "version": tonight.walk.revision, **still_holds(tonight)},
        "walks:duty_week": {"day_0": "2pm to 10pm"},
        "walks:duty_days": {**date_data("first", days=10), "kind": "leave"},
        "walks:duty_import": {"text": f"{officer.shoulder_number},{in_days(10):%Y-%m-%d},leave", "save": "yes"},
        "triage:close_stop": {"outcome": "recorded"},
        "triage:find": {"reference": waiting.reference},
        "triage:note": {"note": "She asked for Thursday."},
        "triage:spoken": {"version": unconfirmed.version},
        "triage:reached": {"version": called_off.version},
        "on_the_day:settle": {"outcome": "missed_by_us", "version": unsettled.version},
        "on_the_day:not_there": {"waited": "10", "rang": "no_answer"},
        "on_the_day:called_away": {"where": "alone"},
        "delivery_problems:address": {"email": "maya.example@example.com", "from_her": "no"},
    }
    return world


def _walk(team, **fields):
    return WalkFactory(bcu=team[0].bcu, officers=team, **fields)


def token_for(booking):
    return Link.objects.mint(booking, Link.Purpose.PAGE, expires_at=timezone.now() + datetime.timedelta(days=30))
