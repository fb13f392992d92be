"""`.env.example` has every variable: those of the documentation, which are those that settings read."""

import re

import pytest
from django.conf import settings

from walkandtalk.lib.force_sign_in import ID_CLAIM, REQUIRED, TENANT
from walkandtalk.lib.variables.reader import Variables, WrongVariables
from walkandtalk.settings import REQUIRED_IN_PRODUCTION

EXAMPLE = (settings.BASE_DIR / ".env.example").read_text()
SETTINGS = (settings.BASE_DIR / "walkandtalk" / "settings.py").read_text()
COMPOSE = (settings.BASE_DIR / "docker-compose.yml").read_text()
LINE = re.compile(r"^(?:# )?([A-Z][A-Z0-9_]+)=(.*)$", re.MULTILINE)
UNCOMMENTED = re.compile(r"^([A-Z][A-Z0-9_]+)=(.*)$", re.MULTILINE)


def documented_variables():
    rows = (settings.BASE_DIR / "docs" / "operating.md").read_text().splitlines()
    names = [re.findall(r"`([A-Z][A-Z0-9_]+)`", row.split("|")[1]) for row in rows if row.startswith("| `")]
    return {name for found in names for name in found}


def variables_that_settings_read():
    return {"WALKANDTALK_ENV", *REQUIRED, TENANT, ID_CLAIM, *re.findall(r'env\.\w+\(\s*"(\w+)"', SETTINGS)}


def test_example_documentation_and_settings_have_the_same_variables():
    example = [name for name, _value in LINE.findall(EXAMPLE)]
    only_compose = set(re.findall(r"\$\{(\w+)", COMPOSE)) - documented_variables()

    assert len(set(example)) == len(example) > 60
    assert set(example) == documented_variables() | only_compose
    assert documented_variables() == variables_that_settings_read()


def test_required_variables_come_first_and_are_the_only_ones_to_fill_in():
    first, *others = [name for name, _value in UNCOMMENTED.findall(EXAMPLE)]

    assert first == "WALKANDTALK_ENV"
    assert set(others) == set(REQUIRED_IN_PRODUCTION)
    assert [name for name, _value in LINE.findall(EXAMPLE)][: len(others) + 1] == [first, *others]


def test_example_holds_no_key_that_would_be_accepted():
    values = dict(UNCOMMENTED.findall(EXAMPLE))
    env = Variables(values, is_production=True, defaults={})

    env.require(REQUIRED_IN_PRODUCTION)

    assert not any(values[name] for name in ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEY"))
    with pytest.raises(WrongVariables, match="✗ Set SECRET_KEY, FIELD_KEYS, INDEX_KEY, DATABASE_URL"):
        env.refuse_faults()
