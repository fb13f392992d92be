"""The admin's pages for BCUs, boroughs and wards. How a team is reached changes on a page of its own."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from accounts.models import SecurityEventKind
from accounts.security_log import record_security_event
from administration.listing import ListAdmin
from administration.proposals.waiting import link_to_open_proposal
from administration.staffing.queries import CLOSED
from boroughs.models.bcus import Borough, BoroughCommandUnit, Ward


class ReferenceData:
    """Rows that `manage.py load_reference_data` makes. A new one could lead requests elsewhere."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False


class ShownAlone(ReferenceData):
    """Reference data of which no form changes anything."""

    def has_change_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False


class BoroughInline(ReferenceData, admin.TabularInline):
    model = Borough
    fields = ("name",)
    readonly_fields = ("name",)
    extra = 0
    can_delete = False


@admin.register(BoroughCommandUnit)
class BoroughCommandUnitAdmin(ReferenceData, ListAdmin):
    list_display = (
        "code",
        "name",
        "inbox",
        "duty_number",
        "min_officers",
        "officers_who_lead_walks",
        "who_is_nominated",
    )
    list_display_links = ("code", "name")
    list_select_related = ("nominated_inspector",)
    search_fields = ("code", "name", "boroughs__name")
    ordering = ("name",)
    inlines = (BoroughInline,)
    readonly_fields = (
        "code",
        "name",
        "slug",
        "inbox",
        "duty_number",
        "text_number",
        "takes_requests",
        "who_is_nominated",
        "waiting",
        "contacts",
    )
    fieldsets = (
        (None, {"fields": ("code", "name", "slug")}),
        (
            "How the team is reached, and who decides on requests kept from it",
            {
                "fields": (
                    "inbox",
                    "duty_number",
                    "text_number",
                    "takes_requests",
                    "who_is_nominated",
                    "waiting",
                    "contacts",
                )
            },
        ),
        ("Messages and hours", {"fields": ("new_request_mail", "duty_hours")}),
        (
            "Days and times women can choose",
            {"fields": (("notice_days", "interpreter_notice_days", "horizon_days"), ("earliest", "latest"))},
        ),
        ("A break without walks", {"fields": (("closed_from", "closed_until"), "closed_message")}),
        ("Walks", {"fields": (("walk_minutes", "gap_minutes"), "min_officers", "answer_working_days")}),
        (
            "Requesters and companions",
            {"fields": ("max_companions", "walk_capacity", "accepts_16_17", "offers_recurring_walks")},
        ),
    )

    @admin.display(description="Takes requests")
    def takes_requests(self, bcu: BoroughCommandUnit) -> str:
        return CLOSED if bcu.awaits_contacts else "Yes"

    @admin.display(description="Nominated inspector", ordering="nominated_inspector__name")
    def who_is_nominated(self, bcu: BoroughCommandUnit) -> str:
        return bcu.nominated_inspector.display_name if bcu.nominated_inspector is not None else "Nobody"

    @admin.display(description="Waiting for a second administrator")
    def waiting(self, bcu: BoroughCommandUnit) -> str:
        return link_to_open_proposal(changes__bcu=bcu)

    @admin.display(description="Change")
    def contacts(self, bcu: BoroughCommandUnit) -> str:
        return format_html(
            '<a href="{}">Change the inbox, the numbers or the nominated inspector</a> (needs a second administrator)',
            reverse("teams:team", args=[bcu.pk]),
        )

    def save_model(self, request: HttpRequest, obj: BoroughCommandUnit, form: Any, change: bool) -> None:
        """Record any change: a requester’s safety hangs on how many officers come, and when."""
        super().save_model(request, obj, form, change)
        if form.changed_data:
            record_security_event(SecurityEventKind.TEAM_RULES_CHANGED, officer=request.user, change=obj.code)  # type: ignore[arg-type]

    def get_queryset(self, request: HttpRequest) -> QuerySet[BoroughCommandUnit]:
        leading = Q(officers__leads_walks=True, officers__is_active=True)
        rows: QuerySet[BoroughCommandUnit] = super().get_queryset(request)
        return rows.annotate(leading=Count("officers", filter=leading, distinct=True))

    @admin.display(description="Officers who lead walks", ordering="leading")
    def officers_who_lead_walks(self, bcu: BoroughCommandUnit) -> int:
        return int(bcu.leading)  # type: ignore[attr-defined]


@admin.register(Borough)
class BoroughAdmin(ShownAlone, ListAdmin):
    """Shows what each borough is called. The BCU changes on a page of its own, and nothing else does."""

    list_display = ("name", "bcu", "force", "gss")
    list_filter = ("bcu", "force")
    list_select_related = ("bcu",)
    search_fields = ("name", "gss")
    ordering = ("name",)
    fields = ("name", "slug", "gss", "force", "bcu", "change_bcu")
    readonly_fields = ("name", "slug", "gss", "force", "bcu", "change_bcu")

    @admin.display(description="Change")
    def change_bcu(self, borough: Borough) -> str:
        return format_html(
            '<a href="{}">Move this borough to another BCU</a> (needs a second administrator)',
            reverse("teams:borough", args=[borough.pk]),
        )


@admin.register(Ward)
class WardAdmin(ShownAlone, ListAdmin):
    list_display = ("name", "borough", "former_name", "gss")
    list_filter = ("borough__bcu", "borough")
    list_select_related = ("borough",)
    search_fields = ("name", "former_name", "gss", "borough__name")
    readonly_fields = ("name", "former_name", "gss", "borough")
    ordering = ("borough__name", "name")
