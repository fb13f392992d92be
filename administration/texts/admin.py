"""The admin pages for help contacts and statements, and the check that each is still right."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.models import SecurityEventKind
from accounts.security_log import record_security_event
from administration.listing import ListAdmin
from boroughs.models.texts import CheckedText, HelpContact, Statement
from walkandtalk.lib import london

CHECKED = {"changed": {"fields": ["Last checked"]}}
"""The line of the history in Django's form, of which an auditor reads the fields. A sentence isn't shown there."""
BUTTON = "_checked"


class CheckedTextAdmin(ListAdmin):
    """Has a button and an action for “I’ve checked this today”. A change to what women rely on counts as a check."""

    checked_field: str
    """The words that the check is about. A change to another field doesn’t show that someone looked at them."""
    fields_women_read: frozenset[str]
    """Those of which the security log has a line for each change, so that the auditor hears of it."""

    actions = ("mark_checked",)
    list_select_related = ("checked_by",)
    list_filter = ("owner", "checked_on")
    change_form_template = "administration/texts/change_form.html"

    @admin.action(description="I’ve checked these today", permissions=["change"])
    def mark_checked(self, request: HttpRequest, texts: QuerySet[Any]) -> None:
        rows = list(texts)
        for text in rows:
            self._set_checked(request, text)
            text.save(update_fields=["checked_on", "checked_by"])
            self.log_change(request, text, [CHECKED])
        messages.success(request, f"{len(rows)} marked as checked today.")

    @admin.display(description="Checked by", ordering="checked_by__name")
    def checker(self, text: CheckedText) -> str:
        return text.checked_by.name if text.checked_by else "Nobody yet"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if self._is_check(request, form):
            self._set_checked(request, obj)
        super().save_model(request, obj, form, change)
        if self.fields_women_read & set(form.changed_data):
            self._record_changed(request, obj)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self._record_changed(request, obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for text in queryset:
            self._record_changed(request, text)
        super().delete_queryset(request, queryset)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        return super().render_change_form(request, {**context, "show_save_and_add_another": False}, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        if BUTTON not in request.POST:
            return super().response_change(request, obj)
        messages.success(request, f"“{obj}” is marked as checked today.")
        return self.response_post_save_change(request, obj)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        changes: Any = super().construct_change_message(request, form, formsets, add)
        return [*changes, CHECKED] if not add and self._is_check(request, form) else changes

    def _is_check(self, request: HttpRequest, form: Any) -> bool:
        return BUTTON in request.POST or self.checked_field in form.changed_data

    def _record_changed(self, request: HttpRequest, text: CheckedText) -> None:
        """Write a line with the number of the row, as the auditor’s report of the history names it."""
        row = f"{str(text._meta.verbose_name).capitalize()} {text.pk}"
        record_security_event(SecurityEventKind.TEXT_CHANGED, officer=request.user, change=row)  # type: ignore[arg-type]

    def _set_checked(self, request: HttpRequest, text: CheckedText) -> None:
        text.set_checked(by=request.user, today=london.today())  # type: ignore[arg-type]


@admin.register(HelpContact)
class HelpContactAdmin(CheckedTextAdmin):
    """Contacts that other pages also show can be changed, but not deleted."""

    checked_field = "number"
    fields_women_read = frozenset({"name", "number", "note"})

    list_display = ("name", "number", "note", "purpose", "owner", "checked_on", "checker")
    search_fields = ("name", "number", "note")
    fields = ("name", "number", "note", "purpose", "position", "owner", "checked_on", "checker")
    readonly_fields = ("purpose", "checked_on", "checker")
    ordering = ("position", "name")

    def has_delete_permission(self, request: HttpRequest, obj: HelpContact | None = None) -> bool:
        return not (obj and obj.purpose) and super().has_delete_permission(request, obj)


@admin.register(Statement)
class StatementAdmin(CheckedTextAdmin):
    """The set of statements is fixed, because pages and cards have a place for each."""

    checked_field = "text"
    fields_women_read = frozenset({"text"})

    list_display = ("code", "text", "owner", "checked_on", "checker")
    fields = ("code", "text", "owner", "checked_on", "checker")
    readonly_fields = ("code", "checked_on", "checker")
    ordering = ("pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Statement | None = None) -> bool:
        return False
