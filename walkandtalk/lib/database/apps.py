from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    name = "walkandtalk.lib.database"
    label = "database"
    verbose_name = "Roles, append-only tables, and the mark of a complete database"
