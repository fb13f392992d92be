"""Changes that one administrator proposes and another agrees to (docs/rules.md#two-administrators)."""

import datetime
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from boroughs.models.bcus import Borough, BoroughCommandUnit
from boroughs.models.officers import Officer
from partners.models.partners import Partner
from walkandtalk.lib.choices import ChoiceField

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

ANSWER_WITHIN = datetime.timedelta(days=7)
LABELS = {
    "name": "Name",
    "email": "Work email",
    "rank": "Rank",
    "acting": "Acting in this rank",
    "shoulder_number": "Shoulder number",
    "role": "Role",
    "bcu": "BCU",
    "ward": "Ward",
    "leads_walks": "Leads walks",
    "signs_bsl": "Signs British Sign Language",
    "languages": "Languages",
    "is_active": "Can sign in",
    "inbox": "Team inbox",
    "duty_number": "Duty number",
    "text_number": "Text number",
    "nominated_inspector": "Nominated inspector",
}
"""The fields of proposals, in the order in which people read them."""
PARTNER_LABELS = {
    "name": "Name",
    "inbox": "Inbox",
    "phone": "Phone",
    "is_active": "In use",
    "endpoint": "Address for Open311",
    "api_key": "Key for Open311",
}
"""The same of a partner, who has some fields of the same names."""


class Answer(models.TextChoices):
    AGREED = "agreed", "Agreed"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXPIRED = "expired", "Not answered within 7 days"


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """Return every proposal to an administrator, and none to anyone else."""
        return self.all() if isinstance(user, Officer) and user.is_staff else self.none()

    def open(self, now: datetime.datetime) -> Self:
        """Return those that still wait for an answer."""
        return self.filter(answer="", asked_at__gt=now - ANSWER_WITHIN)

    def unanswered(self, now: datetime.datetime) -> Self:
        """Return those that nobody answered in time, and of which nobody has been told yet."""
        return self.filter(answer="", asked_at__lte=now - ANSWER_WITHIN)

    def waiting_for(self, user: Officer, now: datetime.datetime) -> Self:
        """Return the open ones that this administrator may agree to. Begin with `visible_to`."""
        mine = Q(asked_by=user) | Q(changes__person=user)
        return self.open(now).exclude(pk__in=self.filter(mine).values("pk"))

    def for_list(self) -> Self:
        """Return them with everything that a line of a list shows, the newest first."""
        rows = self.select_related("asked_by", "answered_by").order_by("-asked_at")
        return rows.prefetch_related("changes__person", "changes__bcu", "changes__borough", "changes__partner")


class Proposal(models.Model):
    """One or more changes that one administrator asked for. They take effect when another one agrees."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    asked_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=200)
    answer = ChoiceField(max_length=9, choices=Answer.choices, blank=True, default="")
    answered_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(answer=Answer.AGREED) | ~Q(answered_by=F("asked_by")),
                name="nobody_agrees_to_their_own_proposal",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_by=None, answered_at=None)
                | Q(answer=Answer.EXPIRED, answered_by=None, answered_at__isnull=False)
                | Q(~Q(answer__in=["", Answer.EXPIRED]), answered_by__isnull=False, answered_at__isnull=False),
                name="an_answer_has_a_person_and_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at"], name="proposals_waiting_by_time", condition=Q(answer="")),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M} {self.answer}"

    @property
    def ends_at(self) -> datetime.datetime:
        return self.asked_at + ANSWER_WITHIN

    def is_open(self, now: datetime.datetime) -> bool:
        return self.answer == "" and now < self.ends_at

    @property
    def result(self) -> str:
        """The outcome, in words."""
        if self.answer:
            return self.get_answer_display()
        return "Waiting" if self.is_open(timezone.now()) else Answer.EXPIRED.label

    @property
    def in_short(self) -> str:
        """A title, such as “PC Olive Officer, 11AS: role and work email”, and how many more."""
        first, *more = sorted(self.changes.all(), key=lambda change: change.pk)
        title = f"{first.about}: {first.what}"
        return f"{title}, and {len(more)} more" if more else title


class ProposedChange(models.Model):
    """One change of a proposal: to an account, a new one, how a team or a partner is reached, or a borough's BCU.

    `before` and `after` hold the same fields. A new account has no `before`, and no person until it is made.
    """

    class Kind(models.TextChoices):
        NEW_ACCOUNT = "new_account", "New account"
        ACCOUNT = "account", "Account"
        REOPENING = "reopening", "Signing in again"
        SECOND_FACTOR = "second_factor", "Starting again without password and second factors"
        TEAM = "team", "Team"
        BOROUGH = "borough", "Borough"
        PARTNER = "partner", "Partner"

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="changes")
    kind = ChoiceField(max_length=13, choices=Kind.choices)
    person = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    bcu = models.ForeignKey(BoroughCommandUnit, on_delete=models.PROTECT, null=True, related_name="+")
    borough = models.ForeignKey(Borough, on_delete=models.PROTECT, null=True, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, related_name="+")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="team", bcu__isnull=False, person=None, borough=None, partner=None)
                | Q(kind="borough", borough__isnull=False, person=None, bcu=None, partner=None)
                | Q(kind="partner", partner__isnull=False, person=None, bcu=None, borough=None)
                | Q(kind="new_account", bcu=None, borough=None, partner=None)
                | Q(
                    kind__in=["account", "reopening", "second_factor"],
                    person__isnull=False,
                    bcu=None,
                    borough=None,
                    partner=None,
                ),
                name="a_change_is_about_one_person_team_borough_or_partner",
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def subject(self) -> Officer | BoroughCommandUnit | Borough | Partner | None:
        """The row that changes, or None for an account that does not exist yet."""
        return self.person or self.bcu or self.borough or self.partner

    @property
    def labels(self) -> dict[str, str]:
        """The fields that such a change may have, in order."""
        return PARTNER_LABELS if self.kind == self.Kind.PARTNER else LABELS

    @property
    def what(self) -> str:
        """The change in words: “role and work email”."""
        if (self.kind != self.Kind.ACCOUNT and self.person is not None) or self.kind == self.Kind.NEW_ACCOUNT:
            return self.get_kind_display().lower()
        named = [label for name, label in self.labels.items() if name in self.after]
        *others, last = [label if label.isupper() else label[:1].lower() + label[1:] for label in named]
        return f"{', '.join(others)} and {last}" if others else last

    @property
    def about(self) -> str:
        """The person, the team, the borough or the partner, as people name them."""
        if self.person is not None:
            return self.person.display_name
        return str(self.bcu or self.borough or self.partner or self.after["name"])
