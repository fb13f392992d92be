"""The numbers by which a search finds a name and a place, kept with them (docs/decisions/search.md)."""

import pytest

from bookings.models.contacts import BookingContact
from bookings.models.search_keys import first_name_in, name_keys, place_keys, place_words_in
from tests.support.factories import BookingFactory
from walkandtalk.lib import tokens
from walkandtalk.lib.keys.index_keys import SEARCH_KEYS, current_key
from walkandtalk.lib.rows import save_changes


@pytest.mark.parametrize(
    ("name", "first"),
    [("Zoë Ashworth", "zoe"), ("  ŞEYMA", "seyma"), ("Mrs Khan", "khan"), ("O’Neill", "oneill"), ("", ""), ("Ms", "")],
)
def test_first_name_is_folded(name, first):
    assert first_name_in(name) == first


def test_place_words_leave_out_what_says_nothing():
    assert place_words_in("The station at Rye Lane, by the clock") == {"station", "rye", "lane", "clock"}


def test_a_name_and_a_place_have_different_keys():
    names = [f"word{number}" for number in range(50)]

    assert [name_keys(name) for name in names] != [place_keys(name) for name in names]


def test_many_words_share_a_key_and_all_keys_are_used():
    keys = [tokens.search_key("name", f"word{number}") for number in range(20 * SEARCH_KEYS)]

    first = current_key().number_mark * SEARCH_KEYS
    assert {*keys} == {*range(first, first + SEARCH_KEYS)}


def test_keys_depend_on_the_key_of_the_application(settings):
    before = [name_keys(f"word{number}") for number in range(20)]
    settings.INDEX_KEY = "another key that is as long as it has to be so that it is taken"

    assert [name_keys(f"word{number}") for number in range(20)] != before


@pytest.mark.django_db
def test_keys_are_saved_with_the_texts_that_they_find(southwark):
    contact = BookingFactory(borough=southwark).contact

    save_changes(contact, name="Amina", meeting_place="Rye Lane")
    save_changes(contact, calendar_sequence=3)

    stored = BookingContact.objects.get()
    assert (stored.name_keys, stored.place_keys) == (name_keys("Amina"), place_keys("Rye Lane"))


@pytest.mark.django_db
def test_keys_are_read_from_no_detail_that_the_log_would_name(southwark, django_assert_num_queries):
    contact = BookingContact.objects.get(pk=BookingFactory(borough=southwark).pk)

    with django_assert_num_queries(1):
        save_changes(contact, calendar_sequence=4)

    assert "Maya" not in str(contact.__dict__)
