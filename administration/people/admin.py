"""The admin's pages for people. What gives power changes on pages of its own (docs/rules.md#two-administrators)."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from administration.bulk.actions import MOST_AT_ONCE
from administration.listing import ListAdmin
from administration.people.actions import change_details
from administration.people.shoulder_letters import warn_of_letters
from administration.proposals.forms import EveryRuleForm
from administration.proposals.waiting import link_to_open_proposal
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError


@admin.register(Officer)
class OfficerAdmin(ListAdmin):
    """It has no password: each person chooses their own (docs/rules.md#new-passwords)."""

    form = EveryRuleForm
    list_display = (
        "name",
        "email",
        "rank",
        "shoulder_number",
        "bcu",
        "role",
        "leads_walks",
        "is_active",
        "last_signed_in",
    )
    list_filter = ("is_active", "role", "leads_walks", "bcu", "rank")
    list_select_related = ("bcu",)
    search_fields = ("name", "email", "shoulder_number")
    search_help_text = "Name, work email or shoulder number"
    ordering = ("name", "pk")
    actions = ("move", "close", "lead_walks", "stop_leading_walks")
    autocomplete_fields = ("ward",)
    empty_value_display = "None"
    readonly_fields = (
        *("email", "role", "bcu", "leads_walks", "leads_walks_set_by", "leads_walks_set_on"),
        *("is_active", "last_signed_in", "invitation", "waiting"),
    )
    fieldsets = (
        (None, {"fields": ("name", ("rank", "acting"), "shoulder_number", "ward")}),
        ("What they may do", {"fields": ("role", "bcu", "email", "leads_walks", "waiting")}),
        ("Languages", {"fields": ("signs_bsl", "languages")}),
        ("Signing in", {"fields": ("is_active", "invitation", "last_signed_in")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Officer | None = None) -> Any:
        """Show who let them lead walks only if someone did."""
        first, powers, *others = super().get_fieldsets(request, obj)
        if obj is None or obj.leads_walks_set_at is None:
            return first, powers, *others
        return first, powers, ("Leading walks", {"fields": (("leads_walks_set_by", "leads_walks_set_on"),)}), *others

    def get_form(self, request: HttpRequest, obj: Officer | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Offer no way from the ward of a person to the page of the ward."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if ward := form.base_fields.get("ward"):  # a closed account has no field that can be changed
            ward.widget.can_add_related = ward.widget.can_change_related = ward.widget.can_view_related = False
        return form

    def has_change_permission(self, request: HttpRequest, obj: Officer | None = None) -> bool:
        """Show a closed account, and change nothing of it: another name could be let in again as someone else."""
        return super().has_change_permission(request, obj) and (obj is None or obj.is_active)

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("people:add")

    @admin.action(description="Move to another BCU")
    def move(self, request: HttpRequest, people: QuerySet[Officer]) -> HttpResponse | None:
        return self._open_page(request, "bulk:move", people)

    @admin.action(description="Close their accounts")
    def close(self, request: HttpRequest, people: QuerySet[Officer]) -> HttpResponse | None:
        return self._open_page(request, "bulk:close", people)

    @admin.action(description="Let them lead walks (needs a second administrator)")
    def lead_walks(self, request: HttpRequest, people: QuerySet[Officer]) -> HttpResponse | None:
        return self._open_page(request, "bulk:lead_walks", people)

    @admin.action(description="They no longer lead walks (needs a second administrator)")
    def stop_leading_walks(self, request: HttpRequest, people: QuerySet[Officer]) -> HttpResponse | None:
        return self._open_page(request, "bulk:stop_leading_walks", people)

    def _open_page(self, request: HttpRequest, page: str, people: QuerySet[Officer]) -> HttpResponse | None:
        """Lead to the page that asks, with the ids of the ticked people. Nothing changes before that."""
        ids = list(people.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(ids) > MOST_AT_ONCE:
            messages.error(request, f"Choose at most {MOST_AT_ONCE} people at a time.")
            return None
        return redirect(f"{reverse(page)}?{urlencode({'person': ids}, doseq=True)}")

    @admin.display(description="Last signed in", ordering="last_login")
    def last_signed_in(self, officer: Officer) -> str:
        return london.time_and_date(officer.last_login) if officer.last_login is not None else "Never"

    @admin.display(description="Allowed on")
    def leads_walks_set_on(self, officer: Officer) -> str:
        return london.time_and_date(officer.leads_walks_set_at) if officer.leads_walks_set_at is not None else ""

    @admin.display(description="Waiting for a second administrator")
    def waiting(self, officer: Officer) -> str:
        return link_to_open_proposal(changes__person=officer)

    @admin.display(description="Invitation")
    def invitation(self, officer: Officer) -> str:
        if officer.has_usable_password():
            return (
                "They’ve chosen a password. "
                "If they forget it, they press “Forgotten your password?” on the sign-in page."
            )
        if not officer.is_active:
            return "Their password was deleted."
        return format_html(
            'They haven’t chosen a password yet. <a href="{}">Send the invitation again</a>',
            reverse("invitation:send_again", args=[officer.pk]),
        )

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say why, if a colleague closed the account while the form was open. Nothing of the form is saved then."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ActionError as error:
            messages.error(request, str(error))
            return redirect(request.path)

    def save_model(self, request: HttpRequest, obj: Officer, form: Any, change: bool) -> None:
        """Save the fields of the form alone, so that it neither reopens an account nor brings a session back."""
        values = {name: getattr(obj, name) for name in form.changed_data}  # as the model has tidied them
        change_details(obj, values, by=request.user)  # type: ignore[arg-type]
        warn_of_letters(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # someone is added on a page of its own, which proposes what gives power

    def has_delete_permission(self, request: HttpRequest, obj: Officer | None = None) -> bool:
        return False  # history names the officer, so their account is closed instead
