"""Every page is HTML as the standard has it: nothing for a browser to guess, no id twice, no label without its box.

`make html` asks the Nu validator besides, which knows far more and needs Java.
"""

import pytest
from tinyhtml5.parser import HTMLParser

from tests.support.every_page import every_page

# Each of these names other elements of the page by their ids.
POINTS_AT = ("for", "aria-describedby", "aria-labelledby", "aria-controls")


def faults(html):
    parser = HTMLParser(namespace_html_elements=False)
    tags = list(parser.parse(html).iter())
    ids = [tag.get("id") for tag in tags if tag.get("id") is not None]
    wrong = [f"{code} at {position}" for position, code, _values in parser.errors]
    wrong += [f"id {name!r} {ids.count(name)} times" for name in sorted(set(ids)) if ids.count(name) > 1]
    pointed = {(name, target) for tag in tags for name in POINTS_AT for target in tag.get(name, "").split()}
    return wrong + [f"{name}={target!r} is nowhere" for name, target in sorted(pointed) if target not in ids]


@pytest.mark.django_db
def test_every_page_is_html_without_a_mistake(world):
    pages = every_page(world)

    found = {what: faults(html) for what, html in pages.items()}

    assert len(found) > 150
    assert {what: wrong for what, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    "body",
    [
        '<p id="a"><b id="a">',
        "<p><div></p>",
        '<input spellcheck="false" spellcheck="false">',
        "<p>&nosuch;",
        '<label for="a">',
        '<p aria-describedby="a b" id="a">',
    ],
)
def test_faults_are_noticed(body):
    good = '<!DOCTYPE html><html lang="en"><title>T</title><p id="a"></p></html>'

    assert faults(good) == []
    assert faults(f'<!DOCTYPE html><html lang="en"><title>T</title>{body}</html>')
