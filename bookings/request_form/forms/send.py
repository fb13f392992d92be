"""The last press. It also tells robots from women, without a puzzle (docs/decisions/robots.md)."""

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
    """Everything is answered: one press sends it."""

    button = gettext_lazy("Send your request")

    # No browser fills in what is called this, and no woman sees it.
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
        page: LayoutObject = Layout(HoneypotQuestion(Question("second_subject", optional=False)), Question("rendered"))
        return page

    def clean(self) -> dict[str, Any]:
        """A page that is not ours, or is of the release before this one, is shown again with a stamp that is."""
        if self._age() is None:
            self.data = {"rendered": self._stamp()}
            raise forms.ValidationError(_("Look at your answers once more, then press “Send your request” again"))
        return self.cleaned_data

    @property
    def is_sent_by_robot(self) -> bool:
        """Filled in where nobody sees a box, or sent sooner than anybody could have read the page."""
        age = self._age()
        too_soon = age is not None and age < datetime.timedelta(seconds=settings.SEND_AFTER_SECONDS)
        return too_soon or bool(self.cleaned_data["second_subject"])

    def _stamp(self) -> str:
        return _signer().sign_object([self.draft, self.now.timestamp()])

    def _age(self) -> datetime.timedelta | None:
        """Since the page was made, for these very answers. None where no stamp of ours says so."""
        try:
            draft, at = _signer().unsign_object(self.cleaned_data.get("rendered", ""))
        except signing.BadSignature:
            return None
        return datetime.timedelta(seconds=self.now.timestamp() - at) if draft == self.draft else None


def _signer() -> signing.Signer:
    return signing.Signer(salt="bookings.request_form.forms.send")
