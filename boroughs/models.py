import datetime
import re
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Lower

from walkandtalk.lib import london

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class BoroughCommandUnitQuerySet(models.QuerySet["BoroughCommandUnit"]):
    def without_handler(self) -> list[str]:
        """The codes of those for which nobody who can act is nominated. A settled rule finds somebody meanwhile."""
        acts = Q(handler__is_active=True, handler__role=Officer.Role.INSPECTOR) & ~Q(handler__bcu=F("pk"))
        return list(self.exclude(acts).order_by("code").values_list("code", flat=True))


class BoroughCommandUnit(models.Model):
    """One of the 12 Borough Command Units, with the rules that it sets for its own walks."""

    code = models.CharField(max_length=2, unique=True)
    name = models.CharField(max_length=60)
    # The database's own default is for the release before this one, which knows no slugs.
    slug = models.SlugField(
        unique=True,
        db_default="",
        help_text="Part of the address printed on posters. Those that hang stop working with it.",
    )
    notice_days = models.PositiveSmallIntegerField(
        default=5, help_text="Days between asking and the first date she may choose."
    )
    interpreter_notice_days = models.PositiveSmallIntegerField(
        default=21, db_default=21, help_text="The same for a walk with an interpreter, of British Sign Language too."
    )
    horizon_days = models.PositiveSmallIntegerField(
        default=56, help_text="Days ahead that the last date she may choose lies."
    )
    earliest = models.TimeField(
        default=datetime.time(7), help_text="The earliest time at which a walk may start, London time."
    )
    latest = models.TimeField(
        default=datetime.time(22), help_text="The latest time at which a walk may start, London time."
    )
    walk_minutes = models.PositiveSmallIntegerField("length of a walk", default=60, help_text="In minutes.")
    gap_minutes = models.PositiveSmallIntegerField(
        "gap after a walk",
        default=30,
        help_text="Minutes an officer is kept free after a walk, to travel and write up.",
    )
    min_officers = models.PositiveSmallIntegerField(
        "least officers on a walk", default=2, validators=[MinValueValidator(1)]
    )
    max_companions = models.PositiveSmallIntegerField(
        "most people a woman may bring",
        default=2,
        db_default=2,
        validators=[MaxValueValidator(6)],
        help_text="Each of them 18 or over. With 0 nobody may come along.",
    )
    accepts_16_17 = models.BooleanField(
        "accepts girls of 16 and 17",
        default=False,
        db_default=False,
        help_text="Only together with a parent, adult sister or guardian.",
    )
    answer_working_days = models.PositiveSmallIntegerField(
        default=3, help_text="Working days within which we promise her an answer."
    )
    inbox = models.EmailField("team inbox", help_text="Where news for the team goes.")
    duty_number = models.CharField(max_length=30, help_text="Answered from an hour before a walk to an hour after it.")
    duty_hours = models.CharField(max_length=80, default="every day, 7am to 11pm")
    handler = models.ForeignKey(
        "Officer",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The inspector of another BCU who alone decides on what women here keep from this BCU.",
    )
    closed_from = models.DateField("no walks from", null=True, blank=True)
    closed_until = models.DateField(
        "no walks until",
        null=True,
        blank=True,
        help_text="The last day without walks. Empty: until further notice.",
    )
    closed_message = models.CharField(
        "why there are no walks",
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text="She reads it where she asks, and on the pages of the area. Say nothing that she could not be told.",
    )

    objects = BoroughCommandUnitQuerySet.as_manager()

    class Meta:
        verbose_name = "Borough Command Unit"
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_until=None) | Q(closed_from__isnull=False, closed_until__gte=F("closed_from")),
                name="a_closure_begins_before_it_ends",
                violation_error_message="“No walks until” needs “No walks from”, on the same day or before it.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    def clean(self) -> None:
        if Borough.objects.filter(slug=self.slug).exists():
            raise ValidationError({"slug": "A borough has this address already."})
        if self.handler is not None and not self.handler.may_handle_for(self):
            raise ValidationError({"handler": "Choose an inspector of another BCU who can sign in."})
        if max(self.notice_days or 0, self.interpreter_notice_days or 0) > (self.horizon_days or 0):
            raise ValidationError({"horizon_days": "With these days of notice there would be no day to choose."})

    @property
    def team_name(self) -> str:
        """What women are told the team is called."""
        return f"{self.name} neighbourhood policing team"

    def first_date(self, today: datetime.date, *, with_interpreter: bool = False) -> datetime.date:
        """The first day that she may ask for. Later than the last one where there is none."""
        days = max(self.notice_days, self.interpreter_notice_days) if with_interpreter else self.notice_days
        first = today + datetime.timedelta(days=days)
        if not self.is_closed(first):
            return first
        return (self.closed_until or max(first, self.last_date(today))) + datetime.timedelta(days=1)

    def last_date(self, today: datetime.date) -> datetime.date:
        return today + datetime.timedelta(days=self.horizon_days)

    def is_closed(self, day: datetime.date) -> bool:
        """Are there no walks on that day?"""
        begun = self.closed_from is not None and self.closed_from <= day
        return begun and (self.closed_until is None or day <= self.closed_until)

    def closes_soon(self, today: datetime.date) -> bool:
        """Is there a day without walks from now on to the last one that she may ask for?"""
        begins = self.closed_from is not None and self.closed_from <= self.last_date(today)
        return begins and (self.closed_until is None or self.closed_until >= today)

    def takes(
        self, day: datetime.date, start: datetime.time, *, today: datetime.date, with_interpreter: bool = False
    ) -> bool:
        """May she ask today for that date and start?"""
        first, last = self.first_date(today, with_interpreter=with_interpreter), self.last_date(today)
        return first <= day <= last and not self.is_closed(day) and self.earliest <= start <= self.latest

    def answer_due_at(self, asked_at: datetime.datetime, needed_at: datetime.datetime) -> datetime.datetime:
        """The promise (DESIGN 4.1): within so many working days, and at least 48 hours before her first choice."""
        last_day = london.add_working_days(london.local(asked_at).date(), self.answer_working_days)
        end_of_last_day = london.to_instant(last_day, datetime.time(17))
        return min(end_of_last_day, needed_at - datetime.timedelta(hours=48))


class Borough(models.Model):
    """One of the 32 boroughs, or the City of London, which another force polices and so has no BCU."""

    gss = models.CharField("ONS code", max_length=9, unique=True)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    bcu = models.ForeignKey(
        BoroughCommandUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="boroughs",
        verbose_name="BCU",
    )
    force = models.CharField(max_length=80, default="Metropolitan Police Service")

    def __str__(self) -> str:
        return self.name


class Ward(models.Model):
    gss = models.CharField("ONS code", max_length=9, unique=True)
    name = models.CharField(max_length=80)
    former_name = models.CharField(max_length=80, blank=True)
    borough = models.ForeignKey(Borough, on_delete=models.PROTECT, related_name="wards")

    def __str__(self) -> str:
        return self.name


class HelpContact(models.Model):
    """A number or address that we give to women, with the day on which somebody last checked it."""

    name = models.CharField(max_length=80, unique=True)
    number = models.CharField("number or address", max_length=120)
    note = models.CharField("when to use it", max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(default=100, help_text="Lower comes first.")
    last_checked = models.DateField(null=True, blank=True)
    owner = models.CharField(max_length=80, blank=True, help_text="Who checks that it still works.")

    def __str__(self) -> str:
        return self.name


class Statement(models.Model):
    """What happens to what she says, in the force's exact words, with the day on which somebody last checked them."""

    class Code(models.TextChoices):
        CRIMES = "crimes", "Crimes that officers must record"
        CHILDREN = "children", "A child at risk"
        CAMERAS = "cameras", "Officers’ cameras"
        DETAILS = "details", "How her details are kept"
        COMPLAIN = "complain", "Complaining about an officer"
        UNIFORM = "uniform", "Whether officers wear uniform"

    code = models.CharField("about", max_length=12, choices=Code.choices, unique=True, editable=False)
    text = models.CharField(max_length=300, blank=True, help_text="Leave it empty to say nothing of it.")
    owner = models.CharField(max_length=80, blank=True, help_text="Who answers for these words.")
    last_checked = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.get_code_display()


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


RANKS_WITH_SHOULDER_NUMBER = {Rank.PCSO, Rank.SPECIAL_CONSTABLE, Rank.PC, Rank.SERGEANT}
SHOULDER_NUMBER = re.compile(r"^(\d{1,4}[A-Z]{1,2}|[A-Z]{1,2}\d{1,4})$")


class OfficerQuerySet(models.QuerySet["Officer"]):
    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """Whose duty this person may see: an inspector her BCU's, an officer her own."""
        if not isinstance(user, Officer) or not user.is_active:
            return self.none()
        if user.role == Officer.Role.INSPECTOR and user.bcu_id:
            return self.filter(bcu=user.bcu_id, is_active=True)
        if user.role == Officer.Role.OFFICER:
            return self.filter(pk=user.pk)
        return self.none()

    def who_lead_walks(self, bcu: BoroughCommandUnit) -> Self:
        """Those who may be given walks in this BCU."""
        return self.filter(bcu=bcu, is_active=True, leads_walks=True)

    def who_may_handle(self) -> Self:
        """Those who may be given what women keep from a BCU other than their own."""
        return self.filter(role=Officer.Role.INSPECTOR, is_active=True)

    def handler_for(self, bcu: BoroughCommandUnit) -> "Officer | None":
        """Whoever decides on what women keep from this BCU. None while no other BCU has an inspector.

        That is the inspector whom the BCU nominated. Where she can act no longer, or nobody was nominated, it is the
        one who has been here longest in the next BCU by code. It is never somebody of the BCU itself.
        """
        nominated, next_bcus = When(pk=bcu.handler_id, then=Value(0)), When(bcu__code__gt=bcu.code, then=Value(1))
        elsewhere = self.who_may_handle().exclude(bcu=bcu.pk).select_related("bcu")
        return elsewhere.order_by(Case(nominated, next_bcus, default=Value(2)), "bcu__code", "pk").first()


class OfficerManager(BaseUserManager.from_queryset(OfficerQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Officer":
        officer: Officer = self.model(email=self.normalize_email(email), **fields)
        officer.set_password(password)
        officer.full_clean(exclude=["password"])
        officer.save(using=self._db)
        return officer

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Officer":
        return self.create_user(email, password, role=Officer.Role.ADMINISTRATOR, **fields)

    def get_by_natural_key(self, username: str | None) -> "Officer":
        officer: Officer = self.get(email__iexact=username)
        return officer


class Officer(AbstractBaseUser):
    """Anyone who signs in. A role is what someone does here; a rank is what she is."""

    class Role(models.TextChoices):
        OFFICER = "officer", "Officer"
        INSPECTOR = "inspector", "Inspector"
        LEAD = "lead", "Lead"
        ADMINISTRATOR = "administrator", "Administrator"

    email = models.EmailField("email address")
    name = models.CharField(max_length=120)
    rank = models.CharField(max_length=24, choices=Rank.choices, default=Rank.PC)
    acting = models.BooleanField("acting in this rank", default=False)
    shoulder_number = models.CharField(
        max_length=6,
        blank=True,
        help_text="1 to 4 digits and 1 or 2 letters, in either order. Leave it empty for an inspector and above.",
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
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.OFFICER)
    leads_walks = models.BooleanField("female neighbourhood officer who leads walks", default=False)
    leads_walks_set_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    leads_walks_set_at = models.DateTimeField(null=True, blank=True, editable=False)
    signs_bsl = models.BooleanField("signs British Sign Language", default=False, db_default=False)
    languages = models.CharField(
        max_length=120,
        blank=True,
        default="",
        db_default="",
        help_text="Besides English, with commas between: Bengali, Somali.",
    )
    is_active = models.BooleanField(
        "can sign in", default=True, help_text="Untick this instead of deleting somebody who has left."
    )

    objects: ClassVar[OfficerManager] = OfficerManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
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
                violation_error_message="An officer or inspector belongs to a BCU. Choose it.",
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
            raise ValidationError({"shoulder_number": "Inspectors and above have no shoulder number. Leave it empty."})
        if not SHOULDER_NUMBER.match(self.shoulder_number):
            raise ValidationError(
                {"shoulder_number": "Enter 1 to 4 digits and 1 or 2 letters, for example 123AS or AS123."}
            )

    def may_handle_for(self, bcu: BoroughCommandUnit) -> bool:
        """May she decide on what women keep from that BCU?"""
        return self.is_active and self.role == self.Role.INSPECTOR and self.bcu_id != bcu.pk

    @property
    def rank_title(self) -> str:
        """The rank as she would hear it: "Acting Sergeant"."""
        return f"Acting {self.get_rank_display()}" if self.acting else self.get_rank_display()

    @property
    def called(self) -> str:
        """Rank, name and shoulder number, as a woman can check it with 101: "PC Ada Lovelace, 123AS"."""
        who = f"{self.rank_title} {self.name}"
        return f"{who}, {self.shoulder_number}" if self.shoulder_number else who

    def language_list(self) -> list[str]:
        return [language.strip() for language in self.languages.split(",") if language.strip()]

    @property
    def is_staff(self) -> bool:
        """Django admin asks this: only administrators go in."""
        return self.is_active and self.role == self.Role.ADMINISTRATOR

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff
