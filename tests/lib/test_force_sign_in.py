"""The settings of the force's own sign-in: all of them, or none."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from walkandtalk.lib.force_sign_in import read_force_sign_in

DIRECTORY = "https://login.microsoftonline.com/0f2e5d1c/v2.0"
ENTRA = {
    "FORCE_SIGN_IN_ISSUER": DIRECTORY,
    "FORCE_SIGN_IN_TENANT": "0f2e5d1c",
    "FORCE_SIGN_IN_CLIENT_ID": "walkandtalk",
    "FORCE_SIGN_IN_CLIENT_SECRET": "not-a-secret",
    "FORCE_SIGN_IN_NAME": "Met sign-in",
    "FORCE_SIGN_IN_SECOND_FACTOR_CLAIM": "acrs",
    "FORCE_SIGN_IN_SECOND_FACTOR_VALUES": "c1, c2",
    "FORCE_SIGN_IN_MEMBER_CLAIM": "roles",
    "FORCE_SIGN_IN_MEMBER_VALUES": "WalkAndTalk",
    "BREAK_GLASS_EMAIL": "breakglass@example.com",
}
OPTIONAL = {"FORCE_SIGN_IN_TENANT"}


def read(variables, *, development=False):
    return read_force_sign_in(lambda name: variables.get(name, ""), development=development)


def test_no_variable_means_no_force_sign_in():
    assert read({}) is None


def test_all_variables_are_read():
    force = read(ENTRA)

    assert (force.id_claim, force.second_factor_values) == ("oid", {"c1", "c2"})
    assert force.origin == "https://login.microsoftonline.com"


@pytest.mark.parametrize("name", sorted(ENTRA.keys() - OPTIONAL))
def test_missing_variable_is_named(name):
    variables = {each: value for each, value in ENTRA.items() if each != name}

    with pytest.raises(ImproperlyConfigured, match=name):
        read(variables)


@pytest.mark.parametrize("tenant", ["", "another"])
@pytest.mark.parametrize("issuer", [DIRECTORY, "https://login.microsoftonline.com/common/v2.0"])
def test_entra_id_needs_one_directory(issuer, tenant):
    with pytest.raises(ImproperlyConfigured, match="your own directory"):
        read(ENTRA | {"FORCE_SIGN_IN_ISSUER": issuer, "FORCE_SIGN_IN_TENANT": tenant})


def test_provider_without_tenants_needs_none():
    force = read(ENTRA | {"FORCE_SIGN_IN_ISSUER": "https://force.example", "FORCE_SIGN_IN_TENANT": ""})

    assert force.tenant == ""


def test_production_speaks_with_the_provider_over_tls():
    plain = ENTRA | {"FORCE_SIGN_IN_ISSUER": "http://force.example"}

    with pytest.raises(ImproperlyConfigured, match="https"):
        read(plain)
    assert read(plain, development=True).origin == "http://force.example"


def test_values_without_a_value_count_as_missing():
    with pytest.raises(ImproperlyConfigured, match="MEMBER_VALUES"):
        read(ENTRA | {"FORCE_SIGN_IN_MEMBER_VALUES": " , "})
