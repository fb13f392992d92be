"""The admin pages for officers, BCUs, boroughs, wards, help contacts and statements."""

from typing import Any

import django.contrib.auth.admin  # noqa: F401  # registers groups, which we don’t use
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from boroughs.models.bcus import Borough, BoroughCommandUnit, Ward
from boroughs.models.officers import Officer
from boroughs.models.texts import HelpContact, Statement

admin.site.site_header = "Walk and Talk"
admin.site.site_title = "Walk and Talk"
admin.site.index_title = "Officers and areas"


@admin.register(Officer)
class OfficerAdmin(admin.ModelAdmin):
    """Adds and changes people. It has no password: each person chooses their own (docs/rules.md#new-passwords)."""

    list_display = ("name", "rank", "shoulder_number", "bcu", "role", "leads_walks", "is_active", "last_login")
    list_filter = ("is_active", "role", "leads_walks", "bcu", "rank")
    list_select_related = ("bcu",)
    search_fields = ("name", "email", "shoulder_number")
    ordering = ("name", "pk")
    autocomplete_fields = ("ward",)
    readonly_fields = (
        *("last_login", "leads_walks_set_by", "leads_walks_set_at"),
        *("if_they_leave", "invitation", "if_a_phone_is_lost"),
    )
    fieldsets = (
        (None, {"fields": ("email", "name", ("rank", "acting"), "shoulder_number")}),
        ("BCU and role", {"fields": ("bcu", "ward", "role", ("is_active", "if_they_leave"))}),
        ("Walks", {"fields": ("leads_walks", "leads_walks_set_by", "leads_walks_set_at")}),
        ("Languages", {"fields": ("signs_bsl", "languages")}),
        ("Signing in", {"fields": ("invitation", "last_login", "if_a_phone_is_lost")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", ("rank", "acting"), "shoulder_number")}),
        ("BCU and role", {"fields": ("bcu", "ward", "role", "is_active", "leads_walks")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Officer | None = None) -> Any:
        return self.fieldsets if obj is not None else self.add_fieldsets

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Let the address of the list use its own filters alone.

        With any other field it would tell what no page shows: hashes of passwords letter by letter, or who isn't
        available for walks.
        """
        filters = {getattr(each, "parameter_name", each) for each in self.list_filter}
        return lookup.partition("__")[0] in filters and super().lookup_allowed(lookup, value, request)

    def get_readonly_fields(self, request: HttpRequest, obj: Officer | None = None) -> Any:
        """Leave the tick box to those who come back. An account is closed on a page that says what follows."""
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "is_active") if obj is not None and obj.is_active else fields

    def get_form(self, request: HttpRequest, obj: Officer | None = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is not None and not obj.is_active:
            kwargs["help_texts"] = {"is_active": "Tick this if they come back."}
        return super().get_form(request, obj, change, **kwargs)

    @admin.display(description="If they leave")
    def if_they_leave(self, officer: Officer) -> str:
        if not officer.is_active:
            return "This account is closed."
        return format_html('<a href="{}">Close this account</a>', reverse("account_closure:close", args=[officer.pk]))

    @admin.display(description="If a phone is lost")
    def if_a_phone_is_lost(self, officer: Officer) -> str:
        if not officer.is_active:
            return "They’re signed out everywhere."
        return format_html(
            '<a href="{}">Sign them out everywhere</a>', reverse("sign_out:everywhere", args=[officer.pk])
        )

    @admin.display(description="Invitation")
    def invitation(self, officer: Officer) -> str:
        if officer.has_usable_password():
            return (
                "They’ve chosen a password. "
                "If they forget it, they press “Forgotten your password?” on the sign-in page."
            )
        if not officer.is_active:
            return "They haven’t chosen a password yet."
        return format_html(
            'They haven’t chosen a password yet. <a href="{}">Send the invitation again</a>',
            reverse("invitation:send_again", args=[officer.pk]),
        )

    def save_model(self, request: HttpRequest, obj: Officer, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        if "leads_walks" in form.changed_data:
            obj.leads_walks_set_by, obj.leads_walks_set_at = request.user, timezone.now()  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
        if obj.bcu and obj.shoulder_number and obj.bcu.code not in obj.shoulder_number:
            messages.warning(
                request,
                f"The letters in {obj.shoulder_number} are not those of {obj.bcu}. Check the shoulder number.",
            )

    def has_delete_permission(self, request: HttpRequest, obj: Officer | None = None) -> bool:
        return False  # history names the officer, so her account is closed instead


class BoroughInline(admin.TabularInline):
    model = Borough
    fields = ("name",)
    readonly_fields = ("name",)
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: BoroughCommandUnit | None = None) -> bool:
        return False


class NominatedInspectorField(forms.ModelChoiceField):
    """Shows each inspector with her BCU, because she must come from another one."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.bcu}: {obj.display_name}"


@admin.register(BoroughCommandUnit)
class BoroughCommandUnitAdmin(admin.ModelAdmin):
    list_display = (
        "code",
        "name",
        "inbox",
        "duty_number",
        "min_officers",
        "notice_days",
        "officers_who_lead_walks",
        "nominated_inspector",
    )
    list_select_related = ("nominated_inspector",)
    search_fields = ("code", "name", "boroughs__name")
    ordering = ("name",)
    prepopulated_fields = {"slug": ("name",)}
    inlines = (BoroughInline,)
    fieldsets = (
        (None, {"fields": ("code", "name", "slug")}),
        ("The team", {"fields": (("inbox", "new_request_mail"), ("duty_number", "duty_hours"), "text_number")}),
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
        ("Requests kept from this BCU", {"fields": ("nominated_inspector",)}),
    )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "nominated_inspector":
            possible = (
                Officer.objects.eligible_as_nominated_inspector()
                .select_related("bcu")
                .order_by("bcu__name", "name", "pk")
            )
            return NominatedInspectorField(possible, required=False, help_text=db_field.help_text)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[BoroughCommandUnit]:
        leading = Q(officers__leads_walks=True, officers__is_active=True)
        rows: QuerySet[BoroughCommandUnit] = super().get_queryset(request)
        return rows.annotate(leading=Count("officers", filter=leading, distinct=True))

    @admin.display(description="Officers who lead walks", ordering="leading")
    def officers_who_lead_walks(self, bcu: BoroughCommandUnit) -> int:
        return int(bcu.leading)  # type: ignore[attr-defined]


@admin.register(Borough)
class BoroughAdmin(admin.ModelAdmin):
    list_display = ("name", "bcu", "force", "gss")
    list_filter = ("bcu", "force")
    list_select_related = ("bcu",)
    search_fields = ("name", "gss")
    ordering = ("name",)
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Ward)
class WardAdmin(admin.ModelAdmin):
    list_display = ("name", "borough", "former_name", "gss")
    list_filter = ("borough__bcu", "borough")
    list_select_related = ("borough",)
    search_fields = ("name", "former_name", "gss", "borough__name")
    autocomplete_fields = ("borough",)
    ordering = ("borough__name", "name")


@admin.register(HelpContact)
class HelpContactAdmin(admin.ModelAdmin):
    """Contacts that other pages also show can be changed, but not deleted."""

    list_display = ("name", "number", "note", "purpose", "last_checked", "owner")
    list_filter = ("owner", "last_checked")
    search_fields = ("name", "number", "note")
    readonly_fields = ("purpose",)
    ordering = ("position", "name")

    def has_delete_permission(self, request: HttpRequest, obj: HelpContact | None = None) -> bool:
        return not (obj and obj.purpose) and super().has_delete_permission(request, obj)


@admin.register(Statement)
class StatementAdmin(admin.ModelAdmin):
    """The set of statements is fixed, because pages and cards have a place for each."""

    list_display = ("code", "text", "last_checked", "owner")
    fields = ("code", "text", "owner", "last_checked")
    readonly_fields = ("code",)
    ordering = ("pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Statement | None = None) -> bool:
        return False


admin.site.unregister(Group)
