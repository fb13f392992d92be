"""The form with which a requester says whether one officer is enough."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.on_the_day.one_officer.actions import OneOfficerAnswer
from walkandtalk.lib.govuk.forms import PageForm

YES, NO = "yes", "no"


class OneOfficerForm(PageForm):
    button = _("Send your answer")

    of = forms.UUIDField(widget=forms.HiddenInput)  # the question that she answers
    answer = forms.ChoiceField(
        label=_("Is it all right if only one comes?"),
        widget=forms.RadioSelect,
        choices=[(YES, _("Yes, one is all right")), (NO, _("No, I’d only go with two"))],
        error_messages={"required": _("Select yes or no")},
    )

    def decision(self) -> OneOfficerAnswer:
        return OneOfficerAnswer(question=self.cleaned_data["of"], will_do=self.cleaned_data["answer"] == YES)
