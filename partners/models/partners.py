"""The directory of partners: who can mend what we are told of, and how each is reached."""

from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When

from boroughs import taxonomy
from boroughs.models.bcus import Borough, DialledNumberField
from boroughs.models.officers import Officer
from partners.endpoints import validate_endpoint
from partners.statuses import PartnerType
from walkandtalk.lib.choices import ChoiceField
from walkandtalk.lib.fields import EncryptedTextField

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

LONGEST_CODE = 100


def validate_kinds(codes: Any) -> None:
    if not isinstance(codes, list) or not all(code in taxonomy.kinds() for code in codes):
        raise ValidationError("Select kinds of concern from the list")
    if len(set(codes)) != len(codes):
        raise ValidationError("Select each kind once")


def validate_services(services: Any) -> None:
    if not isinstance(services, dict) or not all(kind in taxonomy.kinds() for kind in services):
        raise ValidationError("Enter a kind of concern from the list for each service code")
    if not all(isinstance(code, str) and 0 < len(code) <= LONGEST_CODE for code in services.values()):
        raise ValidationError(f"Enter a service code of at most {LONGEST_CODE} characters for each kind")


class PartnerQuerySet(models.QuerySet["Partner"]):
    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """Return the directory, for those who refer places to partners and those who look after it."""
        roles = (Officer.Role.INSPECTOR, Officer.Role.LEAD, Officer.Role.ADMINISTRATOR)
        return self.all() if isinstance(user, Officer) and user.is_active and user.role in roles else self.none()

    def for_place(self, borough: Borough, kind: str) -> Self:
        """Return the active partners of this borough or of all London. Those for this kind come first."""
        places = Partner.boroughs.through.objects.filter(partner=OuterRef("pk"))
        is_here, is_everywhere = Q(Exists(places.filter(borough=borough))), Q(~Exists(places))
        return self.filter(is_here | is_everywhere, is_active=True).order_by(
            Case(When(kinds__contains=[kind], then=Value(0)), default=Value(1)),
            Case(When(is_here, then=Value(0)), default=Value(1)),
            "name",
        )


class Partner(models.Model):
    """A body outside the police that can change a place, and the routes by which we reach it.

    The routes change only when two administrators agree (docs/rules.md#partners).
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=80, unique=True)
    type = ChoiceField(max_length=7, choices=PartnerType.choices)
    boroughs = models.ManyToManyField(
        Borough, blank=True, related_name="partners", help_text="Leave it empty for a partner of all London."
    )
    inbox = models.EmailField(
        blank=True, default="", help_text="An inbox of the organisation, not of one person. Empty if we don’t know one."
    )
    phone = DialledNumberField(max_length=30, blank=True, default="")
    owner = models.ForeignKey(
        Officer,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The inspector or lead who keeps this entry right.",
    )
    kinds = models.JSONField("kinds of concern", default=list, blank=True, validators=[validate_kinds])
    is_active = models.BooleanField("in use", default=False)
    endpoint = models.CharField(
        "address for Open311",
        max_length=200,
        blank=True,
        default="",
        validators=[validate_endpoint],
        help_text="Like https://open311.example.org/v2. Empty if the partner has no Open311 server.",
    )
    jurisdiction_id = models.CharField("Open311 jurisdiction", max_length=LONGEST_CODE, blank=True, default="")
    api_key = EncryptedTextField("key for Open311", max_length=200, blank=True, default="")
    services = models.JSONField("Open311 services", default=dict, blank=True, validators=[validate_services])
    lamp_attribute = models.CharField(
        "Open311 attribute for the number on a lamp post", max_length=LONGEST_CODE, blank=True, default=""
    )

    objects = PartnerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="services_of_a_partner_need_an_endpoint", condition=Q(services={}) | ~Q(endpoint="")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.services and not self.endpoint:
            raise ValidationError("Remove the Open311 services first. They need an address for Open311.")
        if self.owner is not None and not can_own_partner(self.owner):
            raise ValidationError({"owner": "Select an inspector or lead who can sign in"})

    def can_take(self, kind: str) -> bool:
        """Return whether this partner's Open311 server takes such a report."""
        return self.is_active and bool(self.endpoint) and kind in self.services


def can_own_partner(officer: Officer) -> bool:
    return officer.is_active and officer.role in (Officer.Role.INSPECTOR, Officer.Role.LEAD)
