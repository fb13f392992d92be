"""The authentication backend of the staff."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from boroughs.models.officers import Officer


class OfficerBackend(ModelBackend):
    """Loads each officer together with her BCU, because every staff page needs it."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Officer | None:
        """Refuse the published password of the demo in production, even if a row copied from a demo has it."""
        if password == settings.DEMO_PASSWORD and not settings.DEVELOPMENT:
            return None
        return super().authenticate(request, username, password, **kwargs)

    def get_user(self, user_id: int) -> Officer | None:
        officer = Officer.objects.select_related("bcu").filter(pk=user_id).first()
        return officer if officer is not None and self.user_can_authenticate(officer) else None
