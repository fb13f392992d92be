from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    name = "walkandtalk.lib.database"
    label = "database"
    verbose_name = "Roles and append-only tables"
