"""Buttons of the walk form that save nothing. The page comes back with the officers in view."""

from typing import Any

from django import forms
from django.template import Context
from django.utils.safestring import SafeString

from walkandtalk.lib.govuk.macros import component

LOOK, FREE_OFFICERS, ALL_OFFICERS = "look", "yes", "everyone"
PLACE = "who-is-free"


class ShowFreeOfficersButton:
    """Show the officers who are free at the time in the form."""

    def render(self, form: forms.BaseForm, context: Context) -> SafeString:
        return _button("Show who is free", FREE_OFFICERS, id=PLACE)


class ShowAllOfficersButton:
    """Show every officer, not only the best matches."""

    def __init__(self, number: int) -> None:
        self.number = number

    def render(self, form: forms.BaseForm, context: Context) -> SafeString:
        return _button(f"Show all {self.number} officers", ALL_OFFICERS)


def _button(text: str, value: str, **params: Any) -> SafeString:
    attributes = {"formaction": f"#{PLACE}"}
    return component(
        "button",
        text=text,
        name=LOOK,
        value=value,
        classes="govuk-button--secondary",
        attributes=attributes,
        **params,
    )
