"""The last step of a request."""

import datetime
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.request_form.forms.robots import RobotTrap
from walkandtalk.lib.govuk.layout import Layout, LayoutObject


class SendForm(RobotTrap):
    """The button that sends a complete request."""

    button = gettext_lazy("Send your request")

    def __init__(self, data: Mapping[str, Any] | None = None, *, draft: UUID, now: datetime.datetime) -> None:
        self.draft, self.now = str(draft), now
        super().__init__(data, initial={"rendered": self.stamp(self.draft)})

    @property
    def stamped_for(self) -> str:
        return self.draft

    def question(self) -> LayoutObject:
        page: LayoutObject = Layout(self.honeypot)
        return page

    def clean(self) -> dict[str, Any]:
        """Show the page again, without the hidden box, unless a person has read and sent it.

        A missing stamp may be from an earlier release. A stamp that is too new is kept, so that the next press works.
        """
        if self.page_age() is None:
            self.data = {"rendered": self.stamp(self.draft)}
            raise forms.ValidationError(_("Check your answers, then press “Send your request” again"))
        if self.is_sent_by_robot:
            self.data = {"rendered": self.cleaned_data["rendered"]}
            raise forms.ValidationError(_("We don’t have your request yet. Press “Send your request” again"))
        return self.cleaned_data
