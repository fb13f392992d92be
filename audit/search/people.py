"""Staff whom an auditor looks for."""

from collections.abc import Collection

from django.db.models import Q

from boroughs.models.officers import Officer, OfficerQuerySet

MOST_PEOPLE = 20


def find_people(user: Officer, text: str) -> list[Officer]:
    """Return the people whose name, email address or shoulder number fits, and one more than `MOST_PEOPLE` at most."""
    words = Q(name__icontains=text) | Q(email__icontains=text) | Q(shoulder_number__iexact=text.replace(" ", ""))
    return list(_people(user).filter(words)[: MOST_PEOPLE + 1])


def people_with_ids(user: Officer, pks: Collection[int]) -> list[Officer]:
    return list(_people(user).filter(pk__in=pks)[:MOST_PEOPLE]) if pks else []


def _people(user: Officer) -> OfficerQuerySet:
    people: OfficerQuerySet = Officer.objects.in_audit_for(user)
    return people.select_related("bcu").order_by("name", "pk")
