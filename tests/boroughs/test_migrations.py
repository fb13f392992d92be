import pytest

from boroughs.models import HelpContact
from tests.support.migrations import migrate

pytestmark = pytest.mark.django_db


def test_contacts_are_given_their_place_on_pages_by_name_and_else_by_number():
    models = migrate("boroughs", "0007_women_on_a_walk")
    contacts = models.get_model("boroughs", "HelpContact").objects
    contacts.create(name="Our abuse line", number="0808 2000 247")
    contacts.create(name="Childline", number="116 111")
    contacts.create(name="Another with that number", number="0800 1111")
    contacts.create(name="StreetSafe", number="police.uk")
    contacts.create(name="Samaritans", number="116 123")

    migrate("boroughs", "0008_help_contacts_on_pages")

    assert sorted(HelpContact.objects.values_list("name", "number", "purpose")) == [
        ("A complaint about an officer", "0800 085 0000", "complain"),
        ("Another with that number", "0800 1111", ""),
        ("Childline", "116 111", "children"),
        ("City of London Police", "cityoflondon.police.uk", "city"),
        ("Our abuse line", "0808 2000 247", "abuse"),
        ("Samaritans", "116 123", ""),
        ("StreetSafe", "police.uk/streetsafe", "places"),
    ]


def test_empty_table_of_contacts_is_left_to_the_reference_data():
    migrate("boroughs", "0007_women_on_a_walk")

    migrate("boroughs", "0008_help_contacts_on_pages")

    assert not HelpContact.objects.exists()
