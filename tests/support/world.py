"""Rows that every address of the service can be asked about, and what is sent there."""

import copy
import datetime
import uuid
from dataclasses import dataclass, field

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings.actions import Taken, make_feed, request_booking
from bookings.forms.send import SendForm
from bookings.models import Draft, Link, OneOfficerQuestion
from bookings.questions import booking_request
from bookings.statuses import Status, TakenHow, WalkStatus, Word
from feedback.statuses import State
from tests.support import people
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
    southwark, camden = BoroughFactory(), people.make_camden()
    return build_world(
        inspector=people.make_inspector(southwark.bcu),
        officer=people.make_officer(southwark.bcu),
        second_officer=people.make_second_officer(southwark.bcu),
        stranger=people.make_stranger(camden.bcu),
        lead=people.make_lead(),
        administrator=people.make_administrator(),
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
            "request:question": ["name"],
            "my_walk:page": [token_for(tonight)],
            "my_walk:confirm": [token_for(unconfirmed)],
            "my_walk:disown": [token_for(unconfirmed)],
            "my_walk:offer": [token_for(offered.booking)],
            "my_walk:company": [token_for(asked)],
            "my_walk:cancel": [token_for(tonight)],
            "my_walk:address": [token_for(waiting)],
            "my_walk:inbox": [token_for(waiting)],
            "my_walk:write_again": [token_for(stopped)],
            "my_walk:change": [token_for(waiting)],
            "my_walk:seen": [token_for(tonight)],
            "my_walk:nobody_came": [token_for(under_way)],
            "my_walk:stop": [token_for(tonight)],
            "my_walk:calendar": [token_for(tonight)],
            "my_walk:map": [token_for(tonight)],
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
            "staff:booking": [waiting.pk],
            "staff:stop": [waiting.pk],
            "staff:close_stop": [marked.pk],
            "staff:stop_on_walk": [tonight.walk.pk],
            "staff:take": [waiting.pk],
            "staff:put_back": [taken.pk],
            "staff:note": [waiting.pk],
            "staff:schedule": [waiting.pk],
            "staff:offer": [waiting.pk],
            "staff:offer_take_back": [offered.booking.pk],
            "staff:join": [waiting.pk],
            "staff:ask_company": [asking.walk.pk],
            "staff:standing": [standing.pk],
            "staff:standing_pause": [standing.pk],
            "staff:offer_standing": [waiting.pk],
            "staff:briefing": [tonight.walk.pk],
            "staff:invite_guest": [asking.walk.pk],
            "staff:withdraw_guest": [asked.walk.pk, guest.pk],
            "staff:hand_over": [waiting.pk],
            "staff:decline": [waiting.pk],
            "staff:cancel": [tonight.pk],
            "staff:keep_plan": [asking.pk],
            "staff:reset_pin": [unconfirmed.pk],
            "staff:spoken": [unconfirmed.pk],
            "staff:reached": [called_off.pk],
            "staff:booking_phone": [waiting.pk],
            "calendar-feed": [make_feed(officer)],
            "staff:calendar_day": [tonight.walk.date],
            "staff:duty_of": [officer.pk],
            "staff:duty_week": [officer.pk],
            "staff:duty_days": [officer.pk],
            "staff:settle": [unsettled.pk],
            "staff:send_again": [waiting.pk],
            "staff:send_staff_again": [lost.pk],
            "staff:staff_knows": [lost.pk],
            "staff:address": [waiting.pk],
            "staff:new_booking_more": [written.pk],
            "staff:new_booking_read_back": [written.pk],
            "staff:new_booking_sent": [handed.pk],
            "staff:new_booking_pin": [handed.pk],
            "staff:walk": [tonight.walk.pk],
            "staff:walk_map": [tonight.walk.pk],
            "staff:phrase": [tonight.walk.pk],
            "staff:ask_about_one": [short.walk.pk],
            "staff:spoken_answer": [about_one.walk.pk, question.pk],
            "my_walk:one_officer": [token_for(about_one)],
            "staff:set_off": [tonight.walk.pk],
            "staff:arrive": [tonight.walk.pk],
            "staff:not_there": [waited_for.walk.pk, waited_for.pk],
            "staff:came": [waited_for.walk.pk, not_met.pk],
            "staff:called_away": [waited_for.walk.pk],
            "staff:change": [tonight.walk.pk],
            "staff:start": [tonight.walk.pk],
            "staff:end": [under_way.walk.pk],
            "staff:leave": [tonight.walk.pk],
            "staff:phone": [tonight.walk.pk, tonight.pk],
        },
    )
    said = {"submission": str(uuid.uuid4()), "place_kinds": ["lighting"], "place": "The path behind the library"}
    world.answers = {
        "request:start": {"danger": "no"},
        "request:question": {"name": "Somebody else"},
        "request:check": SendForm(draft=draft.pk, now=timezone.now()).initial,
        "my_walk:address": {"email": "right@example.com"},
        "my_walk:inbox": {"channel": "none", "pin": "402817"},
        "my_walk:change": {
            **date_data("first_date", days=12),
            "first_start": "6:30pm",
            "meeting_place": "Nunhead station",
        },
        "my_walk:find": {"reference": tonight.reference},
        "my_walk:offer": {"pick": str(offered.pk), "of": str(offered.pk)},
        "my_walk:one_officer": {"of": str(question.pk), "answer": "yes"},
        "staff:ask_about_one": {"version": short.walk.revision},
        "staff:spoken_answer": {"answer": "yes", "spoken": "on"},
        "my_walk:company": {"may_join": "yes"},
        "my_walk:seen": {"version": tonight.version},
        "feedback:tell_us": said,
        "feedback:note": {**said, "booking": str(under_way.pk)},
        "feedback:correct": {"what": "correct", "version": 0, "place": "The other path", "text": "It was earlier."},
        "feedback:walk_note": {"submission": said["submission"], "booking": str(under_way.pk), "noted": ["as_planned"]},
        "feedback:better": {f"better_{is_better.pk.hex}": "no"},
        "feedback:answer": {"outcome": "no_action", "words": "It is private land.", "chapter": looked_into.chapter},
        "feedback:concern": {"outcome": "screening", "owner": inspector.pk},
        "feedback:join": {"other": looked_into.pk, "version": 0},
        "staff-sign-in": {"username": inspector.email, "password": PASSWORD},
        "staff-password": {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD},
        "staff:new_booking": taken_down(borough)[0],
        "staff:new_booking_more": taken_down(borough)[1],
        "staff:reset_pin": {"show": "yes"},
        "staff:keep_plan": {"version": asking.version, "words": "We are sorry."},
        "staff:schedule": {**plan_data(team, days=10), "version": waiting.version, **STEP_FREE},
        "staff:offer": {**offer_data(days=10), "version": waiting.version},
        "staff:offer_take_back": {"version": offered.booking.version},
        "staff:join": {
            "walk": open_to_others.walk.pk,
            "place": "Peckham",
            "version": waiting.version,
            **STEP_FREE,
        },
        "staff:standing_new": standing_data(),
        "staff:standing": standing_data(),
        "staff:offer_standing": {
            "pick": f"{standing.pk}:{next_date.isoformat()}",
            "version": waiting.version,
            **STEP_FREE,
        },
        "staff:invite_guest": {
            "name": "Amira Khan",
            "role": "chair of the ward panel",
            "organisation": "Safer Neighbourhood Board",
            "version": asking.walk.revision,
        },
        "staff:ask_company": {"most": 3, "version": asking.walk.revision},
        "staff:hand_over": {"to": stranger.bcu_id, "note": "Nearer to you.", "version": waiting.version},
        "staff:decline": {"reason": "no_officers", "alternatives": ["other_time"], "version": waiting.version},
        "staff:cancel": {"reason": "illness", "words": "We are sorry.", "version": tonight.version},
        "staff:change": {**plan_data(team, days=11), "version": tonight.walk.revision, **still_holds(tonight)},
        "staff:duty_week": {"day_0": "2pm to 10pm"},
        "staff:duty_days": {**date_data("first", days=10), "kind": "leave"},
        "staff:duty_import": {"text": f"{officer.shoulder_number},{in_days(10):%Y-%m-%d},leave", "save": "yes"},
        "staff:close_stop": {"outcome": "recorded"},
        "staff:find": {"reference": waiting.reference},
        "staff:note": {"note": "She asked for Thursday."},
        "staff:spoken": {"version": unconfirmed.version},
        "staff:reached": {"version": called_off.version},
        "staff:settle": {"outcome": "missed_by_us", "version": unsettled.version},
        "staff:not_there": {"waited": "10", "rang": "no_answer"},
        "staff:called_away": {"where": "alone"},
        "staff:address": {"email": "maya.example@example.com", "from_her": "no"},
    }
    return world


def _walk(team, **fields):
    return WalkFactory(bcu=team[0].bcu, officers=team, **fields)


def token_for(booking):
    return Link.objects.mint(booking, Link.Purpose.PAGE, expires_at=timezone.now() + datetime.timedelta(days=30))
