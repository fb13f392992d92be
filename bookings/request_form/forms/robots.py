"""Detects robots, without a CAPTCHA (docs/decisions/robots.md)."""

import datetime
from collections.abc import Mapping
from copy import copy
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import HoneypotQuestion, Question


class RobotTrap(PageForm):
    """A hidden box, and a stamp of the moment at which the page was made."""

    now: datetime.datetime
    is_refused_as_robot = False

    # No browser fills in a field with this name, and the requester does not see it.
    second_subject = forms.CharField(
        label=gettext_lazy("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    rendered = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def stamped_for(self) -> str:
        """The answers for which a stamp is valid."""
        raise NotImplementedError

    @property
    def honeypot(self) -> HoneypotQuestion:
        return HoneypotQuestion(Question("second_subject", optional=False))

    @property
    def is_sent_by_robot(self) -> bool:
        """Return whether the hidden box is filled in, or the form was sent too fast for a person to have read it."""
        age = self.page_age()
        if age is None:
            return False
        too_soon = age < datetime.timedelta(seconds=settings.SEND_AFTER_SECONDS)
        return too_soon or bool(self.cleaned_data.get("second_subject"))

    def check_robot(self) -> None:
        """Add an error that keeps what was typed, unless a person has read and sent the form.

        A missing stamp may be from an earlier release. A stamp that is too new is kept, so that the next press works.
        """
        if self.page_age() is None:
            self.add_error(None, _("Check your answers, then press “%(button)s” again") % {"button": self.button})
            self._renew({"rendered": self.stamp(self.stamped_for), "second_subject": ""})
        elif self.is_sent_by_robot:
            self.is_refused_as_robot = True
            self.add_error(None, _("We don’t have it yet. Press “%(button)s” again") % {"button": self.button})
            self._renew({"second_subject": ""})

    def _renew(self, values: Mapping[str, str]) -> None:
        data: Any = copy(self.data)
        for name, value in values.items():
            data[name] = value
        self.data = data

    def stamp(self, stamped_for: str) -> str:
        return _signer().sign_object([stamped_for, self.now.timestamp()])

    def page_age(self) -> datetime.timedelta | None:
        """Return the age of the page, or None without a valid stamp for these answers."""
        try:
            stamped_for, at = _signer().unsign_object(self.cleaned_data.get("rendered", ""))
        except signing.BadSignature:
            return None
        return datetime.timedelta(seconds=self.now.timestamp() - at) if stamped_for == self.stamped_for else None


def _signer() -> signing.Signer:
    return signing.Signer(salt="bookings.request_form.forms.send")
