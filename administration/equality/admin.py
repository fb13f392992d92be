"""The admin page for counts of equality answers. Bookings and walks have none (docs/rules.md#who-sees-what)."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from administration.listing import ListAdmin
from bookings.models.equality import EqualityCount
from walkandtalk.lib import london


@admin.register(EqualityCount)
class EqualityCountAdmin(ListAdmin):
    """Counts for whole months only. Small numbers are hidden, because they could point to one woman."""

    list_display = ("month", "question_in_words", "answer_in_words", "shown")
    list_display_links = None
    list_filter = ("month",)
    ordering = ("-month", "question", "answer")
    sortable_by = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: EqualityCount | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: EqualityCount | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[EqualityCount]:
        return super().get_queryset(request).filter(month__lt=london.today().replace(day=1))

    def has_view_permission(self, request: HttpRequest, obj: EqualityCount | None = None) -> bool:
        """Allow only the list, because the page for one row would show its exact count."""
        return obj is None and super().has_view_permission(request)
