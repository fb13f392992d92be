"""Administrators see that bookings and walks exist, never whose they are, and change nothing there."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from bookings.models import Booking, Walk


class LookOnly:
    """No page of these rows changes anything: a status moves through its action, and nowhere else."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False


@admin.register(Booking)
class BookingAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("spoken_reference", "bcu", "borough", "status", "asked_at", "answer_due_at", "answered_at")
    list_filter = ("status", "bcu", "channel")
    list_select_related = ("bcu", "borough")
    search_fields = ("reference__istartswith",)
    search_help_text = "The beginning of a reference, without dashes"
    date_hierarchy = "asked_at"
    ordering = ("-asked_at", "pk")
    fields = (*list_display, "outcome_code")


@admin.register(Walk)
class WalkAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("start_at", "bcu", "status", "minutes", "started_at", "ended_at")
    list_filter = ("status", "bcu")
    list_select_related = ("bcu",)
    date_hierarchy = "start_at"
    ordering = ("-start_at", "pk")
    fields = ("start_at", "bcu", "status", "minutes", "revision", "started_at", "ended_at")
