"""The authentication backend of the staff."""

from django.contrib.auth.backends import ModelBackend

from boroughs.models.officers import Officer


class OfficerBackend(ModelBackend):
    """Loads each officer together with her BCU, because every staff page needs it."""

    def get_user(self, user_id: int) -> Officer | None:
        officer = Officer.objects.select_related("bcu").filter(pk=user_id).first()
        return officer if officer is not None and self.user_can_authenticate(officer) else None
