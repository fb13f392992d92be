"""The admin's pages for partners. How a partner is reached changes on a page of its own (docs/rules.md#partners)."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from accounts.models import SecurityEventKind
from accounts.security_log import record_security_event
from administration.listing import ListAdmin
from administration.partners.forms import PartnerForm
from administration.proposals.waiting import link_to_open_proposal
from boroughs.models.officers import Officer
from partners.models.partners import Partner


@admin.register(Partner)
class PartnerAdmin(ListAdmin):
    """A partner is taken out of use and never deleted, because referrals name them. A new one is out of use."""

    form = PartnerForm
    list_display = ("name", "type", "places", "inbox", "phone", "has_open311", "who_owns", "is_active")
    list_filter = ("is_active", "type", "boroughs")
    list_select_related = ("owner",)
    search_fields = ("name", "inbox", "boroughs__name")
    search_help_text = "Name, inbox or borough"
    ordering = ("type", "name")
    empty_value_display = "None"
    filter_horizontal = ("boroughs",)
    readonly_fields = ("inbox", "phone", "endpoint", "has_key", "is_active", "waiting", "contacts")
    fieldsets = (
        (None, {"fields": ("name", "type", "boroughs", "kinds", "owner")}),
        (
            "How the partner is reached",
            {"fields": ("inbox", "phone", "endpoint", "has_key", "is_active", "waiting", "contacts")},
        ),
        ("Open311", {"fields": ("jurisdiction_id", "services", "lamp_attribute")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Partner | None = None) -> Any:
        """Ask only who a new partner is. Nothing is sent to one before two administrators have agreed."""
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if obj is not None else fieldsets[:1]

    def get_readonly_fields(self, request: HttpRequest, obj: Partner | None = None) -> Any:
        """Let nobody alone give an inbox that two agreed to the name of another organisation."""
        fields = super().get_readonly_fields(request, obj)
        return fields if obj is None else ("name", *fields)

    def has_delete_permission(self, request: HttpRequest, obj: Partner | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Partner]:
        rows: QuerySet[Partner] = super().get_queryset(request)
        return rows.prefetch_related("boroughs")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "owner":
            roles = (Officer.Role.INSPECTOR, Officer.Role.LEAD)
            kwargs["queryset"] = Officer.objects.filter(is_active=True, role__in=roles).order_by("name", "pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(self, request: HttpRequest, obj: Partner | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Offer no way from the owner to the page of a person."""
        form = super().get_form(request, obj, change=change, **kwargs)
        widget = form.base_fields["owner"].widget
        widget.can_add_related = widget.can_change_related = widget.can_view_related = False
        return form

    @admin.display(description="Where")
    def places(self, partner: Partner) -> str:
        return ", ".join(sorted(borough.name for borough in partner.boroughs.all())) or "All London"

    @admin.display(description="Owner", ordering="owner__name")
    def who_owns(self, partner: Partner) -> str:
        return partner.owner.name if partner.owner is not None else "Nobody"

    @admin.display(description="Open311", boolean=True)
    def has_open311(self, partner: Partner) -> bool:
        return bool(partner.endpoint)

    @admin.display(description="Key for Open311")
    def has_key(self, partner: Partner) -> str:
        return "Kept, not shown" if partner.api_key else "None"

    @admin.display(description="Waiting for a second administrator")
    def waiting(self, partner: Partner) -> str:
        return link_to_open_proposal(changes__partner=partner)

    @admin.display(description="Change")
    def contacts(self, partner: Partner) -> str:
        return format_html(
            '<a href="{}">Change the name, the inbox, the phone, the server or whether we use it</a> '
            "(needs a second administrator)",
            reverse("partners:contacts", args=[partner.pk]),
        )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Record any change: it decides who is told of a place."""
        super().save_related(request, form, formsets, change)
        if form.changed_data:
            record_security_event(
                SecurityEventKind.PARTNER_CHANGED,
                officer=request.user,  # type: ignore[arg-type]
                change=str(form.instance.pk),
            )
