"""Referrals of improvements to partners, and what these answer."""

import datetime
import uuid
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from boroughs.models.officers import Officer
from feedback.models.concerns import Concern
from feedback.models.improvements import Improvement, ImprovementQuerySet
from feedback.statuses import ACTIVE_STATES, LAST_ANSWERS, AnsweredBy, PartnerAnswer
from partners.models.open311 import Open311Request
from partners.models.partners import Partner
from walkandtalk.lib import london, tokens
from walkandtalk.lib.choices import ChoiceField
from walkandtalk.lib.database.append_only import append_only
from walkandtalk.lib.fields import EncryptedTextField

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

SILENCE = datetime.timedelta(days=28)
"""After so long without a word, a partner is on the inspector's list (docs/rules.md#partners)."""
LINK_LIFE = datetime.timedelta(days=90)
ASKING_KINDS = ("partner_referral", "partner_reminder")
"""The messages that ask a partner, first and again."""


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """Return the referrals of improvements that this person can see."""
        return self.filter(improvement__in=Improvement.objects.visible_to(user))

    def waiting(self) -> Self:
        """Return those of which the partner still owes us an answer, or has answered and nobody has passed it on."""
        return self.filter(ended_at=None)

    def to_chase(self, today: datetime.date) -> Self:
        """Return those that did not arrive, or of which the partner has said nothing for too long."""
        still_owed = Q(answer="") | ~Q(answer__in=sorted(LAST_ANSWERS))
        return self.waiting().filter(still_owed, Q(undelivered_at__isnull=False) | Q(answer_due_on__lte=today))

    def answered(self) -> Self:
        """Return those with an answer that nobody has passed on to the women yet."""
        return self.waiting().filter(has_news=True)


def improvements_to_do(visible: ImprovementQuerySet, today: datetime.date) -> ImprovementQuerySet:
    """Return the open ones that wait for an inspector.

    Their day has come, nobody owns them or waits for them, or their partner has answered, wasn't reached, or is silent.
    """
    referrals = Referral.objects.filter(improvement=OuterRef("pk"))
    asks = Exists(referrals.answered()) | Exists(referrals.to_chase(today))
    owner_gone = Q(owner__is_active=False) | ~Q(owner__role=Officer.Role.INSPECTOR)
    elsewhere = Q(nominated_inspector=None) & ~Q(owner__bcu=F("bcu"))
    nobody_waits = ~Exists(Concern.objects.filter(improvement=OuterRef("pk")))
    waits = Q(review_date__lte=today) | owner_gone | elsewhere | asks | nobody_waits
    return visible.filter(waits, state__in=ACTIVE_STATES)


class Referral(models.Model):
    """An improvement that we asked a partner for. A newer referral of the improvement ends it."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    improvement = models.ForeignKey(Improvement, on_delete=models.PROTECT, related_name="referrals")
    number = models.PositiveSmallIntegerField(help_text="1 for the first of the improvement.")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(help_text="What we ask the partner for, in our words.")
    sent_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)
    open311 = models.OneToOneField(Open311Request, on_delete=models.SET_NULL, null=True, related_name="+")
    answer = ChoiceField(max_length=8, choices=PartnerAnswer.choices, blank=True, help_text="The latest one.")
    has_news = models.BooleanField(default=False, help_text="An answer that nobody has passed on yet.")
    answer_due_on = models.DateField(help_text="The day from which the partner has been silent for too long.")
    undelivered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="referrals_are_numbered", fields=["improvement", "number"]),
            models.UniqueConstraint(
                name="one_open_referral_of_an_improvement", fields=["improvement"], condition=Q(ended_at=None)
            ),
        ]
        indexes = [
            models.Index(fields=["answer_due_on"], condition=Q(ended_at=None), name="referrals_open"),
        ]

    def __str__(self) -> str:
        return f"{self.improvement_id} {self.partner_id}"

    @property
    def reference(self) -> str:
        """The name that the partner reads in the subject, such as "WT-638174DA-1"."""
        return f"{self.improvement.reference}-{self.number}"

    @property
    def thread(self) -> str:
        """The thread of our messages to the partner."""
        return f"partner:{self.pk}"

    @property
    def news(self) -> "ReferralAnswer | None":
        """The latest answer that the women may want to know, also if the partner has said since that it has it."""
        told = [answer for answer in self.answers.all() if answer.says_more]
        return told[-1] if self.has_news and told else None

    @property
    def can_be_asked(self) -> bool:
        """Return whether a message to the partner's inbox can still ask it."""
        return not self.is_closed and self.partner.is_active and bool(self.partner.inbox)

    @property
    def is_closed(self) -> bool:
        """Return whether the partner can no longer answer by its link."""
        return self.ended_at is not None or self.answer in LAST_ANSWERS

    @property
    def is_silent(self) -> bool:
        return not self.is_closed and self.answer_due_on <= london.today()

    @property
    def last_heard_at(self) -> datetime.datetime:
        """When the partner last answered, or else when we asked."""
        answers = list(self.answers.all())
        return answers[-1].at if answers else self.sent_at

    @property
    def version(self) -> int:
        """The number of answers, so that a page which was sent twice is one answer."""
        return len(self.answers.all())


class ReferralAnswerManager(models.Manager["ReferralAnswer"]):
    def record(self, *, words: str, **fields: Any) -> "ReferralAnswer":
        """Save an answer, and the partner's words if there are any."""
        answer: ReferralAnswer = self.create(**fields)
        answer.written_words = ReferralAnswerWords(answer=answer, words=words)
        if words:
            answer.written_words.save(force_insert=True)
        return answer


class ReferralAnswer(models.Model):
    """One answer of a partner. It never changes. Its words are in ReferralAnswerWords."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="answers")
    at = models.DateTimeField(default=timezone.now)
    answer = ChoiceField(max_length=8, choices=PartnerAnswer.choices)
    date = models.DateField(null=True, help_text="When it was or will be done.")
    whose = models.CharField(max_length=120, blank=True, help_text="Whose it is, if not theirs.")
    their_reference = models.CharField(max_length=60, blank=True)
    answered_by = ChoiceField(max_length=8, choices=AnsweredBy.choices)
    noted_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ReferralAnswerManager()

    class Meta:
        ordering = ["at", "uuid"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_answer_display()} {self.at:%Y-%m-%d %H:%M}"

    @property
    def words(self) -> str:
        """The partner's words, for inspectors alone. Empty if there were none, or if they have been deleted."""
        written = getattr(self, "written_words", None)
        return written.words if written is not None else ""

    @property
    def says_more(self) -> bool:
        """Return whether it says more than that the partner has our request."""
        return self.answer != PartnerAnswer.RECEIVED or bool(self.words)

    @property
    def summary(self) -> str:
        """The answer in a sentence, without the partner's own words: “It’s planned, Friday 12 June 2026.”"""
        day = f", {london.long_date(self.date)}" if self.date else ""
        whose = f" It belongs to {self.whose}." if self.whose else ""
        return f"{self.get_answer_display()}{day}.{whose}"


class ReferralAnswerWords(models.Model):
    """A partner's own words with an answer. They may name residents, so they go as early as the words of concerns."""

    answer = models.OneToOneField(
        ReferralAnswer, on_delete=models.CASCADE, primary_key=True, related_name="written_words"
    )
    words = EncryptedTextField()

    def __str__(self) -> str:
        return str(self.pk)


class ReferralLinkManager(models.Manager["ReferralLink"]):
    def create_token(self, referral: Referral) -> str:
        """Return a new token with which the partner answers. Only its hash is saved. Earlier ones end."""
        token = tokens.new_token()
        self.filter(referral=referral).delete()
        self.create(referral=referral, token_hash=tokens.token_hash(token), expires_at=timezone.now() + LINK_LIFE)
        return token

    def open(self, token: str) -> "ReferralLink | None":
        """Return the link of this token, also if it has expired."""
        related = self.select_related(
            "referral__improvement__bcu",
            "referral__improvement__nominated_inspector__bcu",
            "referral__improvement__borough",
            "referral__partner",
        )
        return related.prefetch_related("referral__answers").filter(token_hash=tokens.token_hash(token)).first()


class ReferralLink(models.Model):
    """The link in a message to a partner. Whoever has it can answer, so no woman hears an answer before we read it."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    objects = ReferralLinkManager()

    def __str__(self) -> str:
        return str(self.referral_id)

    @property
    def sent_at(self) -> datetime.datetime:
        """When the message with this link was written."""
        return self.expires_at - LINK_LIFE

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= timezone.now()
