"""The form with which someone follows an area."""

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.request_form.forms.robots import RobotTrap
from figures.following.areas import followable_pages
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class FollowForm(RobotTrap):
    """The area, and the address. Nothing else is asked."""

    button = _("Send me a link to confirm")
    stamped_for = "follow"

    area = forms.ChoiceField(label=_("Area"), error_messages={"required": _("Select an area")})
    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        error_messages={
            "required": _("Enter your email address"),
            "max_length": _("Email address must be 254 characters or fewer"),
        },
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, area: str, now: datetime.datetime) -> None:
        self.now = now
        super().__init__(data, initial={"area": area, "rendered": self.stamp(self.stamped_for)})
        self.areas = {page.slug: page.name for page in followable_pages()}
        self.fields["area"].choices = [("", _("Choose an area")), *self.areas.items()]  # type: ignore[attr-defined]

    def question(self) -> LayoutObject:
        page: LayoutObject = Layout(self.honeypot, Question("area", optional=False), Question("email", optional=False))
        return page

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            self.check_robot()
        return cleaned
