import re
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured

from walkandtalk.lib import tokens

PEPPER = UUID("0b8f2c52-6a86-4b5e-9d53-0d9f5bb2b3f1")
OTHER_PEPPER = UUID("6c1c7f0e-2a7d-4f0b-8a55-8f6f4f1f9c11")


def test_new_reference_has_13_unambiguous_characters():
    references = {tokens.new_reference() for _ in range(200)}

    assert len(references) == 200
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{13}", reference) for reference in references)
    assert set("".join(references)) == set(tokens.REFERENCE_ALPHABET)


def test_format_reference_shows_three_groups():
    assert tokens.format_reference("K7QXM2PD9TRWE") == "K7QX-M2PD-9TRWE"


@pytest.mark.parametrize(
    "typed",
    [
        "K7QX-M2PD-10RWE",
        "k7qx m2pd 10rwe",
        " K7QXM2PD10RWE\n",
        "K7QX–M2PD–lorwe",
        "k7qx.m2pd.iORWE",
        "K7QX\x00M2PD10RWE",
    ],
)
def test_normalise_reference_reads_what_people_type(typed):
    assert tokens.normalise_reference(typed) == "K7QXM2PD10RWE"


@pytest.mark.parametrize(
    "typed", ["", "K7QX-M2PD", "K7QX-M2PD-9TRWEE", "K7QX-M2PD-9TRWU", "КККККККККККК", "\ud800", "A" * 10_000]
)
def test_normalise_reference_is_empty_for_other_text(typed):
    assert tokens.normalise_reference(typed) == ""


def test_normalise_reference_undoes_format_reference():
    reference = tokens.new_reference()

    assert tokens.normalise_reference(tokens.format_reference(reference)) == reference


def test_new_token_is_256_bits_in_url_safe_characters():
    created = {tokens.new_token() for _ in range(50)}

    assert len(created) == 50
    assert all(re.fullmatch(r"[\w-]{43}", token, re.ASCII) for token in created)


def test_token_hash_is_the_same_every_time_and_hides_the_token():
    assert tokens.token_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert tokens.token_hash("abd") != tokens.token_hash("abc")


def test_token_hash_takes_any_text():
    assert len(tokens.token_hash("\ud800\x00")) == 64


def test_pin_hmac_differs_for_each_booking_and_each_pin():
    answers = {tokens.pin_hmac(uuid, pin) for uuid in (PEPPER, OTHER_PEPPER) for pin in ("012345", "543210")}

    assert len(answers) == 4
    assert tokens.pin_hmac(PEPPER, "012345") in answers


def test_pin_matches_only_the_right_pin_of_the_right_booking():
    stored = tokens.pin_hmac(PEPPER, "012345")

    assert tokens.pin_matches(PEPPER, "012345", stored)
    assert not tokens.pin_matches(PEPPER, "012346", stored)
    assert not tokens.pin_matches(OTHER_PEPPER, "012345", stored)
    assert not tokens.pin_matches(PEPPER, "", "")
    assert not tokens.pin_matches(PEPPER, "\ud800", stored)


def test_index_hmac_ignores_case_and_surrounding_space():
    assert tokens.index_hmac(" Ada@Example.com ") == tokens.index_hmac("ada@example.com")
    assert tokens.index_hmac("ada@example.com") != tokens.index_hmac("eda@example.com")


def test_keyed_hashes_depend_only_on_the_index_key(settings):
    email, pin = tokens.index_hmac("ada@example.com"), tokens.pin_hmac(PEPPER, "012345")

    settings.SECRET_KEY = "another"
    assert (tokens.index_hmac("ada@example.com"), tokens.pin_hmac(PEPPER, "012345")) == (email, pin)

    settings.INDEX_KEY = "another"
    assert tokens.index_hmac("ada@example.com") != email
    assert tokens.pin_hmac(PEPPER, "012345") != pin


def test_what_an_older_key_has_made_is_found_until_it_is_removed(settings):
    settings.INDEX_KEY = "older"
    pin, address = tokens.pin_hmac(PEPPER, "012345"), tokens.index_hmac("ada@example.com")

    settings.INDEX_KEY = "newer, older"
    assert tokens.pin_matches(PEPPER, "012345", pin)
    assert tokens.index_hmac("ada@example.com") == tokens.index_hmacs("ada@example.com")[0] != address
    assert tokens.index_hmacs("ada@example.com")[1] == address

    settings.INDEX_KEY = "newer"
    assert not tokens.pin_matches(PEPPER, "012345", pin)
    assert address not in tokens.index_hmacs("ada@example.com")


@pytest.mark.parametrize("setting", ["", "one,", "one,one"])
def test_index_key_without_two_different_keys_is_an_error(setting, settings):
    settings.INDEX_KEY = setting

    with pytest.raises(ImproperlyConfigured, match="INDEX_KEY"):
        tokens.index_hmac("ada@example.com")
