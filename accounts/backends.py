"""Who signs in."""

from django.contrib.auth.backends import ModelBackend

from boroughs.models.officers import Officer


class OfficerBackend(ModelBackend):
    """Pages of the staff ask for their reader's BCU, so it comes with her."""

    def get_user(self, user_id: int) -> Officer | None:
        officer = Officer.objects.select_related("bcu").filter(pk=user_id).first()
        return officer if officer is not None and self.user_can_authenticate(officer) else None
