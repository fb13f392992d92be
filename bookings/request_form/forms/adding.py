"""Optional questions that the check page offers (docs/rules.md#optional-answers)."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.request_form.forms.question import ButtonsForm, QuestionForm, yes_or_no
from bookings.request_form.questions import Answer
from boroughs import taxonomy
from boroughs.help_contacts import help_contacts_by_purpose
from boroughs.models.texts import HelpContact
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class RouteForm(QuestionForm):
    answers_to = "route"

    route = forms.CharField(
        label=gettext_lazy("Where would you like to walk, or what should we see?"),
        help_text=gettext_lazy(
            "For example, from the bus stop through the park to the library. Don’t name other people."
        ),
        max_length=1000,
        widget=forms.Textarea,
        error_messages={
            "required": gettext_lazy("Enter where you’d like to walk, or what we should see"),
            "max_length": gettext_lazy("Where to walk must be 1,000 characters or fewer"),
        },
    )

    def question(self) -> LayoutObject:
        return Question("route", heading=True, rows=5)


class AboutForm(QuestionForm):
    answers_to = "about"

    about = forms.MultipleChoiceField(
        label=gettext_lazy("What’s it about?"),
        help_text=gettext_lazy("Select all that apply. You can say more when we walk."),
        choices=list(taxonomy.GROUPS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Select what it’s about")},
    )

    def question(self) -> LayoutObject:
        return Question("about", heading=True)


class CompanionsForm(QuestionForm):
    answers_to = "company"
    is_cacheable = False  # the BCU decides how many may come

    companions = forms.TypedChoiceField(
        label=gettext_lazy("How many people will come with you?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select how many people will come with you")},
    )
    adults = forms.BooleanField(
        label=gettext_lazy("Everyone who’s coming with me is 18 or over"),
        error_messages={"required": gettext_lazy("Tick the box if everyone who’s coming with you is 18 or over")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, most = self.fields["companions"], self.bcu.max_companions
        field.choices = [(n, ngettext("%(n)s person", "%(n)s people", n) % {"n": n}) for n in range(1, most + 1)]  # type: ignore[attr-defined]
        field.error_messages["invalid_choice"] = too_many_companions_error(most)
        if not self.is_bound and self.initial.get("companions", 0) > most:
            # The area or the rule has changed since the requester answered, so show the error on the first view.
            self.is_bound, self.data = True, {"companions": str(self.initial["companions"]), "adults": "on"}

    def begin_with(self, answer: Answer) -> dict[str, Any]:
        return {**answer, "adults": True} if answer else {}

    def question(self) -> LayoutObject:
        page: LayoutObject = Layout(Question("companions", heading=True), Question("adults"))
        return page

    def answer(self) -> Answer:
        return {"companions": self.cleaned_data["companions"]}


class ShareWithPartnersForm(ButtonsForm):
    answers_to = "passing-on"
    asks = "without_name"

    without_name = yes_or_no(
        gettext_lazy("May we pass on the place and the problem, without your name?"),
        hint=gettext_lazy("For example, to the council, so it can mend the lights."),
        missing=gettext_lazy("Select yes if we may pass it on"),
    )


class RestrictedForm(QuestionForm):
    """A restricted booking. The form has no fields: the button is the answer."""

    answers_to = "restricted"
    template = "bookings/request_form/restricted.html"
    button = gettext_lazy("Keep it from my local team")

    @property
    def complaints(self) -> HelpContact:
        """Return the help line that nobody in the requester's local team answers."""
        return help_contacts_by_purpose()[HelpContact.Purpose.COMPLAIN]

    def answer(self) -> Answer:
        return {"restricted": True}


def too_many_companions_error(most: int) -> str:
    if not most:
        return _("Nobody can come with you in this area. Remove this answer")
    sentence = ngettext(
        "No more than %(n)s person can come with you in this area",
        "No more than %(n)s people can come with you in this area",
        most,
    )
    return sentence % {"n": most}
