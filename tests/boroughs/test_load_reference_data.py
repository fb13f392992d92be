from io import StringIO

import pytest
from django.core.management import call_command

from boroughs.models.bcus import Borough, BoroughCommandUnit, Ward
from boroughs.models.texts import HelpContact
from tests.support.factories import OfficerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded():
    call_command("load_reference_data", stdout=StringIO())


def test_load_reference_data_prints_totals(capsys):
    call_command("load_reference_data")

    assert capsys.readouterr().out == "12 BCUs, 33 boroughs, 704 wards, 17 help contacts.\n39 partners.\n"


def test_load_reference_data_puts_every_borough_but_the_city_in_a_bcu(loaded):
    assert dict(Borough.objects.filter(bcu__code="NA").values_list("slug", "name")) == {
        "enfield": "Enfield",
        "haringey": "Haringey",
    }
    assert list(Borough.objects.filter(bcu=None).values_list("gss", "slug", "force")) == [
        ("E09000001", "city-of-london", "City of London Police")
    ]
    assert set(Borough.objects.exclude(bcu=None).values_list("force", flat=True)) == {"Metropolitan Police Service"}


def test_load_reference_data_gives_every_bcu_a_slug(loaded):
    slugs = dict(BoroughCommandUnit.objects.values_list("code", "slug"))

    assert (slugs["AS"], slugs["NA"], len(set(slugs.values()))) == ("central-south", "north-area", 12)


def test_load_reference_data_puts_wards_in_their_boroughs_with_former_names(loaded):
    ward = Ward.objects.get(gss="E05009331")

    assert (ward.name, ward.former_name, ward.borough.name) == ("Bethnal Green West", "St Peter's", "Tower Hamlets")
    assert Ward.objects.filter(borough__gss="E09000001").count() == 25


def test_load_reference_data_gives_each_bcu_placeholder_contacts(loaded):
    inboxes = BoroughCommandUnit.objects.values_list("inbox", flat=True)
    numbers = BoroughCommandUnit.objects.values_list("duty_number", flat=True)

    assert all(inbox.endswith(".walkandtalk@example.com") for inbox in inboxes)
    assert all(number.startswith("020 7946 0") and len(number) == 13 for number in numbers)
    assert len(set(inboxes)) == len(set(numbers)) == 12


def test_load_reference_data_leaves_help_contacts_unchecked(loaded):
    assert not HelpContact.objects.exclude(checked_on=None).exists()
    assert HelpContact.objects.order_by("position")[0].number == "999"
    assert not HelpContact.objects.filter(owner="").exists()


def test_load_reference_data_has_a_contact_for_each_purpose(loaded):
    purposes = HelpContact.objects.exclude(purpose="").values_list("purpose", flat=True)

    assert sorted(purposes) == sorted(HelpContact.Purpose.values)


def test_load_reference_data_keeps_changes_by_administrators(loaded):
    BoroughCommandUnit.objects.filter(code="AS").update(notice_days=9, inbox="team@example.com", duty_number="101")
    Borough.objects.filter(slug="lambeth").update(bcu=BoroughCommandUnit.objects.get(code="CN"))
    Ward.objects.filter(gss="E05009331").update(name="Renamed")
    HelpContact.objects.filter(name="Crimestoppers").delete()

    call_command("load_reference_data", stdout=StringIO())

    unit = BoroughCommandUnit.objects.get(code="AS")
    assert (unit.notice_days, unit.inbox, unit.duty_number) == (9, "team@example.com", "101")
    assert Borough.objects.get(slug="lambeth").bcu.code == "CN"
    assert Ward.objects.get(gss="E05009331").name == "Renamed"
    assert not HelpContact.objects.filter(name="Crimestoppers").exists()
    assert (BoroughCommandUnit.objects.count(), Borough.objects.count(), Ward.objects.count()) == (12, 33, 704)


def test_load_reference_data_restores_missing_rows(loaded):
    Ward.objects.filter(borough__slug="lambeth").delete()
    Borough.objects.filter(slug="lambeth").delete()

    call_command("load_reference_data", stdout=StringIO())

    assert Borough.objects.get(slug="lambeth").bcu.code == "AS"
    assert Ward.objects.count() == 704


@pytest.mark.parametrize(
    ("role", "is_active", "is_warned"),
    [("inspector", True, True), ("administrator", True, True), ("auditor", True, False), ("inspector", False, False)],
)
def test_load_reference_data_warns_if_the_auditors_inbox_is_anothers(settings, loaded, role, is_active, is_warned):
    settings.AUDITOR_EMAIL = "Logs@example.com"
    OfficerFactory(
        email="logs@example.com", role=role, is_active=is_active, bcu=BoroughCommandUnit.objects.get(code="AS")
    )
    warnings = StringIO()

    call_command("load_reference_data", stdout=StringIO(), stderr=warnings)

    assert ("AUDITOR_EMAIL" in warnings.getvalue()) is is_warned


@pytest.mark.parametrize(
    ("role", "is_teams", "is_warned"),
    [("inspector", False, True), ("officer", False, True), ("auditor", False, False), ("auditor", True, True)],
)
def test_load_reference_data_warns_if_staff_read_the_conduct_inbox(settings, loaded, role, is_teams, is_warned):
    settings.CONDUCT_INBOX = "Standards@example.com"
    bcu = BoroughCommandUnit.objects.get(code="AS")
    OfficerFactory(email="standards@example.com", role=role, bcu=bcu)
    if is_teams:
        BoroughCommandUnit.objects.filter(pk=bcu.pk).update(inbox="standards@example.com")
    warnings = StringIO()

    call_command("load_reference_data", stdout=StringIO(), stderr=warnings)

    assert ("CONDUCT_INBOX" in warnings.getvalue()) is is_warned
