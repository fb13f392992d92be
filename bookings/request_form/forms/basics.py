"""Questions about safety, the requester's name, and her access needs."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.request_form.forms.question import ButtonsForm, QuestionForm, yes_or_no
from bookings.request_form.questions import Answer
from bookings.statuses import Need
from walkandtalk.lib.govuk.layout import AnswerButton, DefaultButton, Layout, LayoutObject, Question

NO_NEEDS = "nothing"


class StartForm(ButtonsForm):
    answers_to = "start"
    asks = "danger"
    warning = "yes"
    template = "bookings/request_form/start.html"

    danger = yes_or_no(
        gettext_lazy("Is anyone in danger now?"),
        missing=gettext_lazy("Select yes if anyone is in danger now"),
    )


class NameForm(QuestionForm):
    answers_to = "name"

    name = forms.CharField(
        label=gettext_lazy("What should we call you?"),
        help_text=gettext_lazy("Any name you like. The officers will use it when they meet you."),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("Enter what we should call you"),
            "max_length": gettext_lazy("Name must be 100 characters or fewer"),
        },
    )

    def question(self) -> LayoutObject:
        return Question("name", heading=True, width="20")

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])


def clean_name(typed: str) -> str:
    """Return the name with single spaces."""
    return " ".join(typed.split())


class NeedsForm(QuestionForm):
    answers_to = "needs"

    needs = forms.MultipleChoiceField(
        label=gettext_lazy("What would make this walk work for you?"),
        help_text=gettext_lazy("Select all that you need."),
        choices=[*Need.choices, (NO_NEEDS, gettext_lazy("Nothing, I’m fine"))],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Select what you need, or “Nothing, I’m fine”")},
    )
    needs_details = forms.CharField(
        label=gettext_lazy("What should we know about it?"),
        help_text=gettext_lazy("For example, the language you speak. Don’t name other people."),
        max_length=1000,
        required=False,
        widget=forms.Textarea,
        error_messages={"max_length": gettext_lazy("Details must be 1,000 characters or fewer")},
    )

    def begin_with(self, answer: Answer) -> dict[str, Any]:
        return {**answer, "needs": answer["needs"] or [NO_NEEDS]} if answer else {}

    def question(self) -> LayoutObject:
        details = Question("needs_details", rows=3, size="s")
        if not self.is_alone:
            beside: LayoutObject = Layout(Question("needs", dividers={NO_NEEDS: _("or")}), details)
            return beside
        page: LayoutObject = Layout(
            DefaultButton(),
            Question("needs", heading=True, without=(NO_NEEDS,)),
            details,
            AnswerButton("needs", NO_NEEDS, _("Nothing, I’m fine")),
        )
        return page

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        needs = cleaned.get("needs", [])
        if NO_NEEDS in needs and len(needs) > 1:
            self.add_error("needs", _("Select what you need, or “Nothing, I’m fine”, but not both"))
        must_say = {Need.INTERPRETER, Need.OTHER} & set(needs)
        if must_say and not cleaned.get("needs_details") and "needs_details" not in self.errors:
            language = must_say == {Need.INTERPRETER}
            self.add_error("needs_details", _("Enter the language") if language else _("Enter what else you need"))
        return cleaned

    def answer(self) -> Answer:
        needs = [need for need in self.cleaned_data["needs"] if need != NO_NEEDS]
        return {"needs": needs, "needs_details": self.cleaned_data["needs_details"]}
