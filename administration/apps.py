from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "administration"

    def ready(self) -> None:
        from administration import checks  # noqa: F401  # Django registers a check when it is imported
