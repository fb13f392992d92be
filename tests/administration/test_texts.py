"""Administrators check the texts that women rely on, and the history says who did and when."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from boroughs.models.texts import HelpContact, Statement
from walkandtalk.lib import london

LONG_AGO = datetime.date(2020, 3, 1)


@pytest.fixture
def as_administrator(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def helpline(db):
    return HelpContact.objects.create(name="Helpline", number="0808 200", owner="Scheme lead", checked_on=LONG_AGO)


@pytest.fixture
def statement(db):
    return Statement.objects.create(code="cameras", text="Cameras are on.", owner="Scheme lead", checked_on=LONG_AGO)


def form_of(row, **changes):
    if isinstance(row, Statement):
        return {"text": row.text, "owner": row.owner, **changes}
    fields = ("name", "number", "note", "position", "owner")
    return {name: getattr(row, name) for name in fields} | changes


def save(client, row, **changes):
    page = reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])
    assert client.post(page, form_of(row, **changes)).status_code == 302


def check_of(row):
    row.refresh_from_db()
    return (row.checked_on, row.checked_by)


def history(row):
    lines = LogEntry.objects.filter(object_id=str(row.pk), content_type__model=row._meta.model_name)
    return [(line.user, line.get_change_message()) for line in lines]


@pytest.mark.parametrize("row", ["helpline", "statement"])
def test_button_marks_a_text_as_checked_today(row, request, as_administrator, administrator):
    row = request.getfixturevalue(row)
    page = as_administrator.get(reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])).text

    save(as_administrator, row, _checked="I’ve checked this today")

    assert 'value="I’ve checked this today" name="_checked"' in page
    assert check_of(row) == (london.today(), administrator)
    assert history(row) == [(administrator, "Changed Last checked.")]


@pytest.mark.parametrize(
    ("row", "changes", "is_checked"),
    [
        ("helpline", {"number": "0808 300"}, True),
        ("statement", {"text": "Cameras may be on."}, True),
        ("helpline", {"owner": "Legal", "note": "At night"}, False),
        ("statement", {"owner": "Legal"}, False),
        ("helpline", {"checked_on": "2026-11-01", "checked_by": "1"}, False),
    ],
)
def test_only_a_change_to_what_women_rely_on_counts_as_a_check(
    row, changes, is_checked, request, as_administrator, administrator
):
    row = request.getfixturevalue(row)

    save(as_administrator, row, **changes)

    assert check_of(row) == ((london.today(), administrator) if is_checked else (LONG_AGO, None))
    assert ["Last checked" in message for _user, message in history(row)] == [is_checked]


def recorded():
    return list(SecurityEvent.objects.filter(kind=Kind.TEXT_CHANGED).values_list("officer", "change"))


@pytest.mark.parametrize(
    ("row", "changes", "is_recorded"),
    [
        ("helpline", {"number": "07700 900666"}, True),
        ("helpline", {"name": "Refuge"}, True),
        ("helpline", {"note": "At night"}, True),
        ("helpline", {"owner": "Legal", "position": 3}, False),
        ("helpline", {"_checked": "I’ve checked this today"}, False),
        ("statement", {"text": "Cameras may be on."}, True),
        ("statement", {"owner": "Legal"}, False),
    ],
)
def test_auditor_hears_of_a_change_to_what_women_read(
    row, changes, is_recorded, request, as_administrator, administrator
):
    row = request.getfixturevalue(row)

    save(as_administrator, row, **changes)

    name = "Statement" if isinstance(row, Statement) else "Help contact"
    assert recorded() == ([(administrator.pk, f"{name} {row.pk}")] if is_recorded else [])


def test_auditor_hears_of_deleted_contacts(as_administrator, administrator, helpline):
    others = [HelpContact.objects.create(name=name, number="0808 500") for name in ("Second", "Third")]
    chosen = {"action": "delete_selected", "_selected_action": [row.pk for row in others], "post": "yes"}

    as_administrator.post(reverse("admin:boroughs_helpcontact_delete", args=[helpline.pk]), {"post": "yes"})
    as_administrator.post(reverse("admin:boroughs_helpcontact_changelist"), chosen)

    assert not HelpContact.objects.exists()
    assert sorted(recorded()) == sorted((administrator.pk, f"Help contact {row.pk}") for row in [helpline, *others])


def test_new_contact_counts_as_checked(as_administrator, administrator, db):
    new = HelpContact(name="New line", number="0808 400", owner="Legal")

    as_administrator.post(reverse("admin:boroughs_helpcontact_add"), form_of(new))

    added = HelpContact.objects.get(name="New line")
    assert check_of(added) == (london.today(), administrator)
    assert recorded() == [(administrator.pk, f"Help contact {added.pk}")]


def test_action_marks_several_and_leaves_the_others(as_administrator, administrator, helpline):
    other = HelpContact.objects.create(name="Other", number="0808 500", checked_on=LONG_AGO)
    second = HelpContact.objects.create(name="Second", number="0808 600")
    chosen = {"action": "mark_checked", "_selected_action": [helpline.pk, second.pk]}

    page = as_administrator.post(reverse("admin:boroughs_helpcontact_changelist"), chosen, follow=True).text

    assert "2 marked as checked today." in page
    assert [check_of(row) for row in (helpline, second)] == [(london.today(), administrator)] * 2
    assert check_of(other) == (LONG_AGO, None)
    assert history(helpline) == history(second) == [(administrator, "Changed Last checked.")]
    assert not history(other)
