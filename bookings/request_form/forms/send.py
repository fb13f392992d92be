"""The last step of a request. It also detects robots, without a CAPTCHA (docs/decisions/robots.md)."""

import datetime
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import HoneypotQuestion, Layout, LayoutObject, Question


class SendForm(PageForm):
    """The button that sends a complete request."""

    button = gettext_lazy("Send your request")

    # No browser fills in a field with this name, and the requester does not see it.
    second_subject = forms.CharField(
        label=gettext_lazy("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    rendered = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, draft: UUID, now: datetime.datetime) -> None:
        self.draft, self.now = str(draft), now
        super().__init__(data, initial={"rendered": self._stamp()})

    def question(self) -> LayoutObject:
        page: LayoutObject = Layout(HoneypotQuestion(Question("second_subject", optional=False)))
        return page

    def clean(self) -> dict[str, Any]:
        """Show the page again, without the hidden box, unless a person has read and sent it.

        A missing stamp may be from an earlier release. A stamp that is too new is kept, so that the next press works.
        """
        if self._age() is None:
            self.data = {"rendered": self._stamp()}
            raise forms.ValidationError(_("Check your answers, then press “Send your request” again"))
        if self.is_sent_by_robot:
            self.data = {"rendered": self.cleaned_data["rendered"]}
            raise forms.ValidationError(_("We don’t have your request yet. Press “Send your request” again"))
        return self.cleaned_data

    @property
    def is_sent_by_robot(self) -> bool:
        """Return whether the hidden box is filled in, or the form was sent too fast for a person to have read it."""
        age = self._age()
        if age is None:
            return False
        too_soon = age < datetime.timedelta(seconds=settings.SEND_AFTER_SECONDS)
        return too_soon or bool(self.cleaned_data.get("second_subject"))

    def _stamp(self) -> str:
        return _signer().sign_object([self.draft, self.now.timestamp()])

    def _age(self) -> datetime.timedelta | None:
        """Return the age of the page, or None without a valid stamp for these answers."""
        try:
            draft, at = _signer().unsign_object(self.cleaned_data.get("rendered", ""))
        except signing.BadSignature:
            return None
        return datetime.timedelta(seconds=self.now.timestamp() - at) if draft == self.draft else None


def _signer() -> signing.Signer:
    return signing.Signer(salt="bookings.request_form.forms.send")
