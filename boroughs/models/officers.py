"""Everyone who signs in, with rank and role."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Lower

from boroughs.models.bcus import BoroughCommandUnit, Ward
from walkandtalk.lib.choices import ChoiceField

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class Rank(models.TextChoices):
    PCSO = "pcso", "PCSO"
    SPECIAL_CONSTABLE = "special_constable", "Special Constable"
    PC = "pc", "PC"
    SERGEANT = "sergeant", "Sergeant"
    INSPECTOR = "inspector", "Inspector"
    CHIEF_INSPECTOR = "chief_inspector", "Chief Inspector"
    SUPERINTENDENT = "superintendent", "Superintendent"
    CHIEF_SUPERINTENDENT = "chief_superintendent", "Chief Superintendent"
    COMMANDER = "commander", "Commander"
    STAFF = "staff", "Police staff"
    """No rank, and so no title before the name."""


RANKS_WITH_SHOULDER_NUMBER = {Rank.PCSO, Rank.SPECIAL_CONSTABLE, Rank.PC, Rank.SERGEANT}
DECIDED_ELSEWHERE = frozenset({"id", "is_available"})
"""Fields that no form saves."""
SHOULDER_NUMBER = re.compile(r"^(\d{1,4}[A-Z]{1,2}|[A-Z]{1,2}\d{1,4})$")


class OfficerQuerySet(models.QuerySet["Officer"]):
    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """Return the officers whose duties the user can see: an inspector sees her BCU's, an officer her own."""
        if not isinstance(user, Officer) or not user.is_active:
            return self.none()
        if user.role == Officer.Role.INSPECTOR and user.bcu_id:
            return self.filter(bcu=user.bcu_id, is_active=True)
        if user.role == Officer.Role.OFFICER:
            return self.filter(pk=user.pk)
        return self.none()

    def in_administration_for(self, user: "Officer | AnonymousUser") -> Self:
        """Return everyone who signs in or did, for an administrator, and nobody for anyone else."""
        return self.all() if isinstance(user, Officer) and user.is_staff else self.none()

    def in_audit_for(self, user: "Officer | AnonymousUser") -> Self:
        """Return everyone who signs in or did, for an auditor, and nobody for anyone else."""
        return self.all() if is_auditor(user) else self.none()

    def all_who_lead_walks(self) -> Self:
        """Return the officers of every BCU who lead walks, also those who are not available."""
        return self.filter(is_active=True, leads_walks=True)

    def who_lead_walks(self, bcu: BoroughCommandUnit) -> Self:
        """Return the officers who lead walks in this BCU, also those who are not available."""
        return self.all_who_lead_walks().filter(bcu=bcu)

    def who_can_be_assigned(self, bcu: BoroughCommandUnit) -> Self:
        """Return the officers who can be assigned to walks in this BCU."""
        return self.who_lead_walks(bcu).filter(is_available=True)

    def eligible_as_nominated_inspector(self) -> Self:
        """Return inspectors who can be given the restricted bookings of another BCU."""
        return self.filter(role=Officer.Role.INSPECTOR, is_active=True)

    def nominated_inspector_for(self, bcu: BoroughCommandUnit, *, besides: "Officer | None" = None) -> "Officer | None":
        """Return the inspector who decides on this BCU's restricted bookings, or None if no other BCU has an inspector.

        That is the BCU's nominated inspector. If there is none, or she can no longer act, it is the longest-standing
        inspector of the next BCU by code. It is never someone from the BCU itself, nor
        from the BCU of the inspector `besides`.
        """
        nominated, next_bcus = (
            When(pk=bcu.nominated_inspector_id, then=Value(0)),
            When(bcu__code__gt=bcu.code, then=Value(1)),
        )
        elsewhere = self.eligible_as_nominated_inspector().exclude(bcu=bcu.pk).select_related("bcu")
        if besides is not None:
            elsewhere = elsewhere.exclude(bcu=besides.bcu_id)
        return elsewhere.order_by(Case(nominated, next_bcus, default=Value(2)), "bcu__code", "pk").first()


def is_auditor(user: "Officer | AnonymousUser") -> bool:
    """Return whether the user reads the logs. A role is one field, so she is neither inspector nor administrator."""
    return isinstance(user, Officer) and user.is_active and user.role == Officer.Role.AUDITOR


def auditors_inbox_belongs_to(address: str) -> "Officer | None":
    """Return the inspector or administrator who reads the auditor's inbox, although it tells of her own acts."""
    roles = [Officer.Role.INSPECTOR, Officer.Role.ADMINISTRATOR]
    found: Officer | None = Officer.objects.filter(email__iexact=address, role__in=roles, is_active=True).first()
    return found


def conduct_inbox_belongs_to(address: str) -> "Officer | None":
    """Return the officer, inspector or other member of staff who reads what women say about an officer's conduct."""
    people = Officer.objects.filter(email__iexact=address, is_active=True)
    found: Officer | None = people.exclude(role=Officer.Role.AUDITOR).first()
    return found


def without_acting_nominated_inspector(
    bcus: "models.QuerySet[BoroughCommandUnit]",
) -> "models.QuerySet[BoroughCommandUnit]":
    """Return those whose nominated inspector is missing or cannot act. Until there is one, a rule chooses."""
    acts = Q(nominated_inspector__is_active=True, nominated_inspector__role=Officer.Role.INSPECTOR) & ~Q(
        nominated_inspector__bcu=F("pk")
    )
    return bcus.exclude(acts)


def bcus_without_nominated_inspector() -> list[str]:
    """Return the codes of BCUs without a nominated inspector who can act."""
    bcus = without_acting_nominated_inspector(BoroughCommandUnit.objects.order_by("code"))
    return list(bcus.values_list("code", flat=True))


class OfficerManager(BaseUserManager.from_queryset(OfficerQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Officer":
        officer: Officer = self.model(email=self.normalize_email(email), **fields)
        officer.full_clean(exclude=["password"])
        if password is not None:
            validate_password(password, officer)  # `createsuperuser` asks nobody if it is not interactive
        officer.set_password(password)
        officer.save(using=self._db)
        return officer

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Officer":
        return self.create_user(email, password, role=Officer.Role.ADMINISTRATOR, **fields)

    def get_by_natural_key(self, username: str | None) -> "Officer":
        officer: Officer = self.get(email__iexact=username)
        return officer


class Officer(AbstractBaseUser):
    """Anyone who signs in. The role is what the user does in this service; the rank is the police rank."""

    class Role(models.TextChoices):
        OFFICER = "officer", "Officer"
        INSPECTOR = "inspector", "Inspector"
        LEAD = "lead", "Lead"
        ADMINISTRATOR = "administrator", "Administrator"
        AUDITOR = "auditor", "Auditor"
        CONTROL_ROOM = "control_room", "Control room"

    email = models.EmailField("work email")
    name = models.CharField(max_length=120)
    rank = ChoiceField(max_length=24, choices=Rank.choices, default=Rank.PC)
    acting = models.BooleanField("acting in this rank", default=False)
    shoulder_number = models.CharField(
        max_length=6,
        blank=True,
        help_text="1 to 4 digits and 1 or 2 letters, in either order. "
        "Leave it empty for an inspector and above, and for police staff.",
    )
    bcu = models.ForeignKey(
        BoroughCommandUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="officers",
        verbose_name="BCU",
    )
    ward = models.ForeignKey(Ward, on_delete=models.SET_NULL, null=True, blank=True, related_name="officers")
    role = ChoiceField(max_length=16, choices=Role.choices, default=Role.OFFICER)
    leads_walks = models.BooleanField("leads walks", default=False)
    leads_walks_set_by = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="allowed by",
    )
    leads_walks_set_at = models.DateTimeField("allowed on", null=True, blank=True, editable=False)
    is_available = models.BooleanField(
        "available for walks",
        default=True,
        editable=False,
        help_text="No while anyone says that they can't be given walks. It never says who, or why.",
    )
    signs_bsl = models.BooleanField("signs British Sign Language", default=False)
    languages = models.CharField(
        max_length=120,
        blank=True,
        default="",
        help_text="Besides English, separated by commas: Bengali, Somali.",
    )
    uses_keys = models.BooleanField(
        "uses keyboard shortcuts",
        default=True,
        help_text="Single keys on staff pages. Each person can switch them off, at /staff/keys/.",
    )
    last_login = models.DateTimeField("last signed in", blank=True, null=True)
    is_active = models.BooleanField("can sign in", default=True)
    access_version = models.PositiveIntegerField(
        default=1,
        editable=False,
        help_text="Goes up when sessions and calendar feeds must end. Those of an earlier version stay ended.",
    )

    objects: ClassVar[OfficerManager] = OfficerManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_officer_an_email_address",
                violation_error_message="Another officer already signs in with this email address.",
            ),
            models.UniqueConstraint(
                fields=["shoulder_number"],
                condition=Q(is_active=True) & ~Q(shoulder_number=""),
                name="one_active_officer_a_shoulder_number",
                violation_error_message="Another active officer already has this shoulder number.",
            ),
            models.CheckConstraint(
                condition=Q(bcu__isnull=False) | ~Q(role__in=["officer", "inspector"]),
                name="officers_and_inspectors_have_a_bcu",
                violation_error_message="Select a BCU for an officer or inspector.",
            ),
            # One field holds the role, so nobody has two of inspector, administrator and auditor.
            models.CheckConstraint(
                condition=Q(role__in=["officer", "inspector", "lead", "administrator", "auditor", "control_room"]),
                name="everyone_has_exactly_one_role",
                violation_error_message="Choose one of the roles.",
            ),
            models.CheckConstraint(
                condition=Q(leads_walks=False) | Q(role__in=["officer", "inspector"]),
                name="only_officers_and_inspectors_lead_walks",
                violation_error_message="Only officers and inspectors can lead walks. Clear that tick.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.email})"

    def clean(self) -> None:
        super().clean()
        self.shoulder_number = self.shoulder_number.replace(" ", "").upper()
        if not self.shoulder_number:
            return
        if self.rank not in RANKS_WITH_SHOULDER_NUMBER:
            raise ValidationError(
                {"shoulder_number": "Inspectors and above, and police staff, have no shoulder number. Leave it empty."}
            )
        if not SHOULDER_NUMBER.match(self.shoulder_number):
            raise ValidationError(
                {"shoulder_number": "Enter 1 to 4 digits and 1 or 2 letters, for example 123AS or AS123."}
            )

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Save every field but `is_available`, unless it is named.

        A form of the admin saves all fields as it read them, and would undo what was decided since.
        """
        if update_fields is None and not self._state.adding:
            update_fields = [field.name for field in self._meta.concrete_fields if field.name not in DECIDED_ELSEWHERE]
        super().save(*args, update_fields=update_fields, **kwargs)

    def get_session_auth_hash(self) -> str:
        """Return what a session is bound to: the password, and the version of the access."""
        return self._with_access_version(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return map(self._with_access_version, super().get_session_auth_fallback_hash())

    def _with_access_version(self, session_hash: str) -> str:
        return f"{session_hash}.{self.access_version}"

    def can_be_nominated_for(self, bcu: BoroughCommandUnit) -> bool:
        """Return whether the officer may decide on restricted bookings of that BCU."""
        return self.is_active and self.role == self.Role.INSPECTOR and self.bcu_id != bcu.pk

    @property
    def may_walk(self) -> bool:
        """Whether they can be given walks at all. Whatever stops them reads the same to everyone."""
        return self.is_active and self.leads_walks and self.is_available

    @property
    def rank_title(self) -> str:
        """The officer's rank as people say it: "Acting Sergeant". Empty for police staff, who have none."""
        if self.rank == Rank.STAFF:
            return ""
        return f"Acting {self.get_rank_display()}" if self.acting else self.get_rank_display()

    @property
    def display_name(self) -> str:
        """Rank, name and shoulder number, which a requester can check with 101: "PC Ada Lovelace, 123AS"."""
        who = self.name_with_rank
        return f"{who}, {self.shoulder_number}" if self.shoulder_number else who

    @property
    def name_with_rank(self) -> str:
        return f"{self.rank_title} {self.name}".strip()

    def get_full_name(self) -> str:
        """Return the name that the history of the admin shows."""
        return self.name

    def language_list(self) -> list[str]:
        return [language.strip() for language in self.languages.split(",") if language.strip()]

    @property
    def is_staff(self) -> bool:
        """Access to Django admin, for administrators only."""
        return self.is_active and self.role == self.Role.ADMINISTRATOR

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff
