"""A read-only list of walks for administrators, without personal details."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from walks.models.walks import Walk


class ReadOnlyAdmin:
    """Admin pages that change nothing, because a status changes only in its action."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False


@admin.register(Walk)
class WalkAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    list_display = ("start_at", "bcu", "status", "minutes", "started_at", "ended_at")
    list_filter = ("status", "bcu")
    list_select_related = ("bcu",)
    date_hierarchy = "start_at"
    ordering = ("-start_at", "pk")
    fields = ("start_at", "bcu", "status", "minutes", "version", "started_at", "ended_at")
