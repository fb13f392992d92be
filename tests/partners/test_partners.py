"""The directory of partners: whom we ask about a place, and what an entry may hold."""

from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError

from boroughs.models.bcus import Borough
from partners.models.partners import Partner
from tests.support.partners import make_partner

pytestmark = pytest.mark.django_db


def test_partners_of_the_borough_come_before_those_of_all_london_and_those_for_the_kind_first(southwark, camden):
    make_partner("Southwark Council", boroughs=[southwark], kinds=["lighting", "path"])
    make_partner("Southwark Estates", boroughs=[southwark, camden], kinds=["cctv"])
    make_partner("Camden Council", boroughs=[camden], kinds=["lighting"])
    make_partner("Old Council", boroughs=[southwark], kinds=["lighting"], is_active=False)
    make_partner("TfL", kinds=["lighting", "on_board"])
    make_partner("Network Rail", kinds=["path"])

    found = {kind: [each.name for each in Partner.objects.for_place(southwark, kind)] for kind in ("lighting", "cctv")}

    assert found == {
        "lighting": ["Southwark Council", "TfL", "Southwark Estates", "Network Rail"],
        "cctv": ["Southwark Estates", "Southwark Council", "Network Rail", "TfL"],
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"kinds": ["ghosts"]},
        {"kinds": "lighting"},
        {"kinds": ["lighting", "lighting"]},
        {"services": {"ghosts": "1"}},
        {"services": ["lighting"]},
        {"services": {"lighting": ""}},
        {"services": {"lighting": "1"}, "endpoint": ""},
        {"inbox": "nobody"},
    ],
)
def test_entry_that_makes_no_sense_is_refused(fields):
    partner = Partner(name="Example", type="council", endpoint="https://open311.example.org/v2")
    partner.full_clean()
    for name, value in fields.items():
        setattr(partner, name, value)

    with pytest.raises(ValidationError):
        partner.full_clean()


@pytest.mark.parametrize("role", ["inspector", "lead", "officer", "auditor"])
def test_owner_is_an_inspector_or_a_lead(role, request):
    partner = make_partner(owner=request.getfixturevalue(role))

    if role in ("inspector", "lead"):
        partner.full_clean()
    else:
        with pytest.raises(ValidationError, match="Select an inspector or lead"):
            partner.full_clean()


def test_services_without_a_server_are_impossible():
    with pytest.raises(IntegrityError, match="services_of_a_partner_need_an_endpoint"):
        make_partner(services={"lighting": "1"})


@pytest.mark.parametrize(
    "url",
    [
        "https://open311.example.org",
        "https://open311.example.org/v2/",
        "https://open311.example.org:443/open311/v2",
        "https://xn--bcher-kva.example.org/v2",
    ],
)
def test_public_server_is_accepted(url):
    Partner(name="Example", type="council", endpoint=url).full_clean()


@pytest.mark.parametrize(
    "url",
    [
        *("http://open311.example.org", "ftp://open311.example.org", "//open311.example.org", "open311.example.org"),
        *(
            "https://10.0.0.1",
            "http://127.0.0.1:8000",
            "https://127.0.0.1:443",
            "https://127.1",
            "https://2130706433",
            "https://0x7f.0.0.1",
            "https://[::1]/v2",
        ),
        *("https://localhost", "https://db", "https://db.internal", "https://printer.local", "https://a.test"),
        *("https://name:word@open311.example.org", "https://@open311.example.org"),
        *("https://open311.example.org:8443", "https://open311.example.org:80", "https://open311.example.org:x"),
        *("https://open311.example.org/v2?key=1", "https://open311.example.org/v2#a", "https://open311.example.org/?"),
        *("https://open311.example.org/../x", "https://open311.example.org/%2e", "https://open311.example.org/a b"),
        *("https://bücher.example.org", "https://open311.example.org.", "https://-a.example.org", "https://"),
        "https://open311.example.org\r\nHost: 10.0.0.1",
    ],
)
def test_server_that_may_not_be_public_is_refused(url):
    with pytest.raises(ValidationError):
        Partner(name="Example", type="council", endpoint=url).full_clean()


@pytest.fixture
def loaded():
    call_command("load_reference_data", stdout=StringIO())


def test_each_borough_has_its_council_and_the_partners_of_london(loaded):
    places = Borough.objects.exclude(bcu=None)

    councils = {each.slug: list(each.partners.filter(type="council")) for each in places}

    assert len(councils) == 32
    assert all(len(found) == 1 for found in councils.values())
    names = [each.name for each in Partner.objects.for_place(Borough.objects.get(slug="southwark"), "lighting")]
    assert names[:3] == ["Southwark Council", "Canal & River Trust", "Network Rail"]
    assert {"Transport for London", "British Transport Police"} <= set(names)


def test_first_partners_have_no_contact_that_we_did_not_check(loaded):
    assert set(Partner.objects.values_list("inbox", "phone", "endpoint")) == {("", "", "")}
    for partner in Partner.objects.all():
        partner.full_clean()


def test_partners_are_loaded_once(loaded):
    Partner.objects.filter(type="council").update(is_active=False)
    Partner.objects.get(name="Network Rail").delete()

    call_command("load_reference_data", stdout=StringIO())

    assert not Partner.objects.filter(type="council", is_active=True).exists()
    assert not Partner.objects.filter(name="Network Rail").exists()
