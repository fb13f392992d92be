"""The form with which a requester writes to professional standards."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.conduct.emails import ConductReport
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question

LONGEST_WORDS = 4000
LONGEST_CONTACT = 200


class ConductForm(PageForm):
    button = _("Send to professional standards")

    submission = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("What did the officer do or say?"),
        widget=forms.Textarea,
        max_length=LONGEST_WORDS,
        error_messages={"required": _("Enter what the officer did or said")},
    )
    contact = forms.CharField(
        label=_("How can they reach you safely?"),
        max_length=LONGEST_CONTACT,
        required=False,
    )

    def __init__(self, *args: Any, is_discreet: bool = False, **kwargs: Any) -> None:
        """Name no officer if `is_discreet`, because someone may look over her shoulder."""
        kwargs["initial"] = {"submission": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.words_hint = _("You can name the officer, or say what they looked like.")
        if is_discreet:
            self.button = _("Send")
            self.fields["words"].label = _("What happened?")
            self.fields["words"].error_messages["required"] = _("Enter what happened")
            self.words_hint = _("You can give names, or say what someone looked like.")

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(
            Question("words", rows=8, hint=self.words_hint),
            Question(
                "contact",
                hint=_(
                    "Only if you’d like an answer. Give an email address or phone number that nobody else uses. "
                    "They’ll contact you there themselves, and we won’t see it."
                ),
            ),
        )
        return layout

    @property
    def submission_key(self) -> uuid.UUID:
        key: uuid.UUID = self.cleaned_data["submission"]
        return key

    def report(self) -> ConductReport:
        return ConductReport(words=self.cleaned_data["words"], contact=self.cleaned_data["contact"])
