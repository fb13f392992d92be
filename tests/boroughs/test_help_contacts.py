"""Help contacts come from the administrators' table, and from nowhere else."""

import re
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse

from boroughs.help_contacts import help_contacts_by_purpose
from boroughs.models.texts import HelpContact
from boroughs.templatetags.helping import contact_link

pytestmark = pytest.mark.django_db

FREE = re.compile(r"\b0[38][0-9]{2}[0-9 ]{4,}")


def test_no_help_number_is_hard_coded():
    files = [*settings.BASE_DIR.glob("templates/**/*"), *settings.BASE_DIR.glob("[bfw]*/**/*.py")]
    texts = {path: path.read_text("utf-8") for path in files if path.is_file() and "migrations" not in path.parts}

    numbers = {(path.name, number) for path, text in texts.items() for number in FREE.findall(text)}

    assert len(texts) > 300
    assert numbers == set()


@pytest.mark.parametrize(
    ("purpose", "path"),
    [
        ("children", "/request/under-18/"),
        ("places", "/request/under-18/"),
        ("city", "/request/city/"),
        ("city", "/areas/city-of-london/"),
    ],
)
def test_pages_show_the_number_an_administrator_entered(client, purpose, path):
    call_command("load_reference_data", stdout=StringIO())
    HelpContact.objects.filter(purpose=purpose).update(number="0800 000 000")

    page = client.get(path).text

    assert '<a class="govuk-link" href="tel:0800000000" rel="noreferrer">0800 000 000</a>' in page


def test_missing_help_contact_has_its_default():
    HelpContact.objects.create(purpose="children", name="Changed", number="116 123")

    lines = help_contacts_by_purpose()

    assert lines["children"].number == "116 123"
    assert (lines["complain"].number, lines["places"].number) == ("0800 085 0000", "police.uk/streetsafe")


@pytest.mark.parametrize(
    ("number", "link"),
    [
        ("0800 1111", '<a class="govuk-link" href="tel:08001111" rel="noreferrer">0800 1111</a>'),
        ("999bsl.co.uk", '<a class="govuk-link" href="https://999bsl.co.uk" rel="noreferrer">999bsl.co.uk</a>'),
        ("999, then 55", "999, then 55"),
        ("Text 61016", "Text 61016"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("<b>0800</b>", "&lt;b&gt;0800&lt;/b&gt;"),
    ],
)
def test_contact_link_calls_a_number_opens_a_website_or_is_plain_text(number, link):
    assert contact_link(HelpContact(number=number)) == link


@pytest.mark.parametrize(("purpose", "may_go"), [("", True), ("children", False)])
def test_contact_with_a_purpose_cannot_be_deleted(client, administrator, purpose, may_go):
    contact = HelpContact.objects.create(purpose=purpose, name="A line", number="0800 000 000")
    client.force_login(administrator)

    response = client.post(reverse("admin:boroughs_helpcontact_delete", args=[contact.pk]), {"post": "yes"})

    assert response.status_code == (302 if may_go else 403)
    assert HelpContact.objects.exists() is not may_go
