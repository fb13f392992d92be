"""Admin pages for bookings. They are read-only, and do not show administrators who the requesters are."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin import OfficerAdminWithLog
from bookings.models.bookings import Booking
from bookings.models.equality import EqualityCount
from bookings.on_the_day import officer_withdrawal
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walks.admin import ReadOnlyAdmin


@admin.register(Booking)
class BookingAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    """Bookings, but no restricted ones: a search by the beginning of a reference could confirm that there is one."""

    list_display = ("spoken_reference", "bcu", "borough", "status", "asked_at", "answer_due_at", "answered_at")
    list_filter = ("status", "bcu", "channel")
    list_select_related = ("bcu", "borough")
    search_fields = ("reference__istartswith",)
    search_help_text = "The beginning of a reference, without dashes"
    date_hierarchy = "asked_at"
    ordering = ("-asked_at", "pk")
    fields = (*list_display, "outcome_code")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Booking]:
        rows: QuerySet[Booking] = super().get_queryset(request)
        return rows.filter(nominated_inspector=None)


@admin.register(EqualityCount)
class EqualityCountAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    """Counts for whole months only. Small numbers are hidden, because they could point to one woman."""

    list_display = ("month", "question_in_words", "answer_in_words", "shown")
    list_display_links = None
    list_filter = ("month",)
    ordering = ("-month", "question", "answer")
    sortable_by = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[EqualityCount]:
        return super().get_queryset(request).filter(month__lt=london.today().replace(day=1))

    def has_view_permission(self, request: HttpRequest, obj: EqualityCount | None = None) -> bool:
        """Allow only the list, because the page for one row would show its exact count."""
        return obj is None and super().has_view_permission(request)


@admin.register(Officer)
class OfficerAdminWithWalks(OfficerAdminWithLog):
    """Take an officer off her walks as soon as she may no longer lead them."""

    def save_model(self, request: HttpRequest, obj: Officer, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        left = officer_withdrawal.withdraw_officer(obj, by=request.user) if change else []  # type: ignore[arg-type]
        walks = [walk for walk in left if walk.nominated_inspector_id is None]  # she may not know of the others
        if walks:
            count = "1 walk" if len(walks) == 1 else f"{len(walks)} walks"
            messages.warning(request, f"{obj.display_name} has been taken off {count}. The team has been told.")
