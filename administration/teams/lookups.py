"""Teams and boroughs, for administrators alone."""

from django.db.models import QuerySet

from boroughs.models.bcus import Borough, BoroughCommandUnit
from boroughs.models.officers import Officer


def teams_for(user: Officer) -> QuerySet[BoroughCommandUnit]:
    """Return every BCU to an administrator, and none to anyone else."""
    return BoroughCommandUnit.objects.all() if user.is_staff else BoroughCommandUnit.objects.none()


def boroughs_for(user: Officer) -> QuerySet[Borough]:
    """Return every borough to an administrator, and none to anyone else."""
    return Borough.objects.all() if user.is_staff else Borough.objects.none()
