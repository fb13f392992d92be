"""docs/asvs.csv answers each requirement of OWASP ASVS 5.0 on signing in, sessions and access, with tests."""

import csv
import re
from collections import Counter

from django.conf import settings

# How many requirements each section of chapters 6 to 8 has.
SECTIONS = {
    "6.1": 3,
    "6.2": 12,
    "6.3": 8,
    "6.4": 6,
    "6.5": 8,
    "6.6": 4,
    "6.7": 2,
    "6.8": 4,
    "7.1": 3,
    "7.2": 4,
    "7.3": 2,
    "7.4": 5,
    "7.5": 3,
    "7.6": 2,
    "8.1": 4,
    "8.2": 4,
    "8.3": 3,
    "8.4": 2,
}
ANSWERS = {"yes", "partly", "no", "doesn’t apply"}


def read_lines():
    with (settings.BASE_DIR / "docs" / "asvs.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def exists(test):
    path, _, name = test.partition("::")
    return re.search(rf"^def {name}\(", (settings.BASE_DIR / path).read_text(), re.MULTILINE) is not None


def test_each_requirement_has_one_answer():
    lines = read_lines()
    numbers = [line["requirement"] for line in lines]

    assert len(set(numbers)) == len(numbers)
    assert Counter(number.rpartition(".")[0] for number in numbers) == SECTIONS
    assert {line["answer"] for line in lines} <= ANSWERS
    assert all(line["how"] for line in lines)


def test_each_requirement_that_is_met_names_tests_that_exist():
    lines = read_lines()

    assert not [line["requirement"] for line in lines if line["answer"] != "doesn’t apply" and not line["tests"]]
    assert not [test for line in lines for test in line["tests"].split() if not exists(test)]
