from django.apps import AppConfig


class DoctorConfig(AppConfig):
    name = "doctor"

    def ready(self) -> None:
        from doctor import checks  # noqa: F401  # Django registers a check when it is imported
