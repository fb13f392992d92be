"""Places that several women told us about, with an improvement in each state and the partners' answers.

What takes weeks, as a partner's silence, is written into the rows. All else is done by the actions.
"""

import datetime
from itertools import cycle

from django.utils import timezone

from bookings.statuses import Channel
from boroughs.geography.map_points import MapPoint
from boroughs.geography.places import meeting_places
from boroughs.models.officers import Officer
from devtools.demo.people import Team
from devtools.demo.steps import tell_about_place
from feedback.answers.actions import AnswerNow, record_follow_up_answers
from feedback.concerns.actions import Acceptance, accept_concern
from feedback.improvements.actions import (
    Answer,
    ImprovementDetails,
    PublicWords,
    answer_improvement,
    approve_public_words,
    make_improvement,
    write_public_words,
)
from feedback.models.concerns import Concern
from feedback.models.events import FollowUpQuestion
from feedback.models.improvements import Improvement
from feedback.models.referrals import SILENCE, Referral
from feedback.place_reports.actions import confirm_report
from feedback.places.counting import count_repeated_places
from feedback.recipients import ContactRecipient
from feedback.referrals.actions import (
    AnswerDetails,
    ReferralDetails,
    record_undelivered,
    refer_improvement,
    save_answer,
)
from feedback.statuses import AnsweredBy, FollowUpAnswer, Light, PartnerAnswer, State
from outbox.actions import record_bounce
from outbox.models import Message
from outbox.statuses import State as MessageState
from partners.models.partners import Partner
from walkandtalk.lib import london

NAMES = ("Adaeze", "Brigid", "Carmen", "Deniz", "Efua", "Flora", "Gita", "Hui", "Ivana", "Joy", "Kemi", "Leila")
MONTH = datetime.timedelta(days=30)
WEEK = datetime.timedelta(days=7)


def create_improvements(team: Team, slug: str, *, is_large: bool) -> None:
    changes = Changes(team, slug)
    changes.leave_place_to_check()
    changes.wait_for_partner()
    if is_large:
        changes.plan_ourselves()
        changes.hear_from_partner()
        changes.lose_message_to_partner()
        changes.finish_and_write_for_the_public()
        changes.publish()
        changes.reopen()
    count_repeated_places(timezone.now())


class Changes:
    """The improvements of one borough. Each is at another of its public places."""

    def __init__(self, team: Team, slug: str) -> None:
        self.team = team
        self.inspector, self.today = team.inspectors[0], london.today()
        self.borough = next(borough for borough in team.boroughs if borough.slug == slug)
        self.places = iter(meeting_places(self.borough.gss))
        self.names = cycle(NAMES)
        self.channels = cycle([Channel.NONE, Channel.FULL, Channel.DISCREET])
        self.council = Partner.objects.get(name=f"{self.borough.name} Council")

    # --- Improvements

    def leave_place_to_check(self) -> None:
        self.tell(
            ("lighting",),
            "Two lamps by the side entrance are out.",
            "It’s so dark by the bins that I cross the road.",
            "The side way has no light after the shop shuts.",
        )

    def plan_ourselves(self) -> None:
        improvement = self.improve(
            "Walk past at closing time every Friday",
            self.tell(("gathering",), "A crowd stands here at night.", "Men drink on the steps and shout."),
        )
        self.answer(improvement, State.PLANNED, "Our officers will be there at closing time.", date=self.today + WEEK)

    def wait_for_partner(self) -> None:
        """Ask the council, which says nothing for longer than four weeks."""
        told = self.tell(("overgrown",), "The hedge hides the whole path.", "I can’t see who stands behind the hedge.")
        referral = self.refer(self.improve("Cut back the hedge along the path", told), self.council)
        asked_at, due_on = timezone.now() - SILENCE - WEEK, self.today - WEEK
        Referral.objects.filter(pk=referral.pk).update(sent_at=asked_at, answer_due_on=due_on)
        Improvement.objects.filter(pk=referral.improvement_id).update(review_date=due_on)

    def hear_from_partner(self) -> None:
        told = self.tell(("lighting",), "The lamp by the bus stop flickers.", "One lamp is out, just at the stop.")
        referral = self.refer(self.improve("Mend lamp column 14", told, lamp_number="14"), self.council)
        planned = AnswerDetails(
            answer=PartnerAnswer.PLANNED,
            date=self.today + MONTH,
            their_reference="SL-20417",
            words="Our contractor has the part on order.",
        )
        save_answer(referral, planned, version=0, answered_by=AnsweredBy.LINK)

    def lose_message_to_partner(self) -> None:
        told = self.tell(("stop_or_station",), "The shelter has no light.", "Nobody can see you in the shelter.")
        partner = Partner.objects.get(name="Transport for London")
        referral = self.refer(self.improve("Put a light into the bus shelter", told), partner)
        message = Message.objects.get(kind="partner_referral", dedupe_key__contains=str(referral.pk))
        Message.objects.filter(pk=message.pk).update(state=MessageState.SENT, sent_at=timezone.now())
        record_bounce(message.message_id)
        record_undelivered(message)

    def finish_and_write_for_the_public(self) -> Improvement:
        told = self.tell(("path",), "The steps are broken.", "I fell on the third step.")
        improvement = self.improve("Mend the steps to the underpass", told)
        self.answer(improvement, State.RESOLVED, "The council has mended the steps.", date=self.today - WEEK)
        words = "Women told us that the steps to an underpass were broken. The council has mended them."
        write_public_words(improvement, PublicWords(words), by=self.inspector, version=self.version(improvement))
        return improvement

    def publish(self) -> None:
        told = self.tell(("lighting",), "It’s pitch dark by the gate.", "The lights at the gate never work.")
        improvement = self.improve("Put new lamps at the park gate", told)
        self.answer(improvement, State.RESOLVED, "There are four new lamps at the gate.", date=self.today - WEEK)
        words = f"Women told us that a park gate in {self.borough.name} was too dark. There are four new lamps now."
        write_public_words(improvement, PublicWords(words), by=self.inspector, version=self.version(improvement))
        approve_public_words(
            improvement,
            read=PublicWords(words),
            kind=improvement.kind,
            by=Officer.objects.get(email="lead@example.com"),
        )

    def reopen(self) -> None:
        """Say that something was done, and hear from one woman that it is not better."""
        told = self.tell(("sightlines",), "There’s a blind corner.", "I never see who comes round the corner.")
        improvement = self.improve("Put a mirror at the blind corner", told)
        self.answer(improvement, State.RESOLVED, "There’s a mirror at the corner now.", date=self.today - MONTH)
        event = told[0].events.filter(to_state=State.RESOLVED).get()
        question = FollowUpQuestion.objects.create(event=event, asked_at=timezone.now())
        no = AnswerNow(is_better=FollowUpAnswer.NO, feeling=2)
        record_follow_up_answers(ContactRecipient(told[0].report.contact), {question.pk: no})

    # --- Steps

    def tell(self, kinds: tuple[str, ...], *texts: str) -> list[Concern]:
        """Let a woman for each text tell us of the next place, and return their concerns."""
        place = next(self.places)
        reports = []
        for text in texts:
            told = tell_about_place(
                self.borough,
                channel=next(self.channels),
                email=f"{next(self.names).lower()}.{self.borough.slug}@example.com",
                kinds=kinds,
                place=f"Near {place}",
                text=text,
                point=MapPoint(place.lat, place.lon),
            )
            confirm_report(told.contact, is_emailed=bool(told.contact.email))
            reports.append(told)
        return list(Concern.objects.filter(report__in=reports).order_by("reported_at"))

    def improve(self, change: str, concerns: list[Concern], *, lamp_number: str = "") -> Improvement:
        first, acceptance = concerns[0], Acceptance(owner=self.inspector, review_date=self.today + MONTH)
        for concern in concerns:
            accept_concern(concern, acceptance, by=self.inspector)
        details = ImprovementDetails(
            change=change,
            where=str(first.reported_place),
            kind=first.kind,
            light=Light.DARK,
            lamp_number=lamp_number,
            review_date=acceptance.review_date,
        )
        return make_improvement(
            details,
            borough=self.borough,
            place=first.reported_place,
            concerns=concerns,
            by=self.inspector,
            version=Concern.objects.get(pk=first.pk).version,
        )

    def refer(self, improvement: Improvement, partner: Partner) -> Referral:
        details = ReferralDetails(
            partner=partner,
            words="It’s worst after dark.",
            to_requesters="We’ve asked them to look at it.",
            is_told=not partner.inbox,
        )
        return refer_improvement(improvement, details, by=self.inspector, version=self.version(improvement))

    def answer(self, improvement: Improvement, to: State, words: str, *, date: datetime.date) -> None:
        answer = Answer(to=to, words=words, done_date=date, review_date=max(date, self.today))
        answer_improvement(improvement, answer, by=self.inspector, version=self.version(improvement))

    def version(self, improvement: Improvement) -> int:
        return improvement.events.count()
