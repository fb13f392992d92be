"""A plain select says the same as Django's."""

import pytest
from django import forms
from django.test.html import parse_html

from walkandtalk.lib.plain_select import PlainSelect

CHOICES = [("", "All"), ("a&b", "Abbey <Road>"), ("People", [("1", "Followed"), (2, "Shouted at")])]


@pytest.mark.parametrize("value", ["", "a&b", "2", 2, "unknown", None])
@pytest.mark.parametrize("attrs", [{}, {"id": "id_kind", "required": True, "class": 'a"b'}])
def test_it_says_the_same_as_django(value, attrs):
    plain, usual = PlainSelect(choices=CHOICES), forms.Select(choices=CHOICES)

    html = plain.render("kind", value, attrs)

    assert parse_html(html) == parse_html(usual.render("kind", value, attrs))
    assert html.count("<option") == 4
