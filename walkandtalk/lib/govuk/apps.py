from django.apps import AppConfig

from . import macros


class GovukConfig(AppConfig):
    name = "walkandtalk.lib.govuk"
    label = "govuk"
    verbose_name = "Page components"

    def ready(self) -> None:
        macros.warm()
