"""The admin pages for help contacts and statements."""

from django.contrib import admin
from django.http import HttpRequest

from boroughs.models.texts import HelpContact, Statement


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
