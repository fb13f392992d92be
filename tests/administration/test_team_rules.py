"""The auditor hears of each change to the rules of a BCU, because a requester’s safety hangs on them."""

import pytest
from django.urls import reverse

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind

pytestmark = pytest.mark.django_db


def save(client, bcu, **changes):
    page = reverse("admin:boroughs_boroughcommandunit_change", args=[bcu.pk])
    form = client.get(page).context["adminform"].form
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    boroughs = {f"boroughs-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")}
    posted = {
        name: value
        for name, value in {**values, **changes, **boroughs}.items()
        if value is not None and value is not False
    }
    assert client.post(page, posted).status_code == 302


@pytest.mark.parametrize(
    ("changes", "is_recorded"),
    [
        ({"min_officers": 1}, True),
        ({"closed_from": "2026-12-01"}, True),
        ({"walk_capacity": 12}, True),
        ({}, False),
    ],
)
def test_changed_rule_of_a_bcu_is_recorded_with_its_code(changes, is_recorded, client, administrator, bcu):
    client.force_login(administrator)

    save(client, bcu, **changes)

    lines = SecurityEvent.objects.filter(kind=Kind.TEAM_RULES_CHANGED).values_list("officer", "change")
    assert list(lines) == ([(administrator.pk, bcu.code)] if is_recorded else [])
