"""Questions about the requester's age, and the adult who must come with a girl under 18."""

from django.utils.translation import gettext_lazy

from bookings.request_form.forms.question import QuestionForm, yes_or_no
from bookings.request_form.questions import Answer
from walkandtalk.lib.govuk.layout import LayoutObject, Question


class AgeForm(QuestionForm):
    answers_to = "age"

    adult = yes_or_no(
        gettext_lazy("Are you 18 or over?"),
        missing=gettext_lazy("Choose yes if you are 18 or over, or no"),
    )

    def question(self) -> LayoutObject:
        return Question("adult", heading=True, inline=True)


class AccompaniedForm(QuestionForm):
    """The accompanying adult of a girl under 18.

    Asked once we know the team, because some teams walk with girls of 16 and 17.
    """

    answers_to = "accompanied"

    together = yes_or_no(
        gettext_lazy("Are you 16 or 17, and will an adult of your family come with you?"),
        hint=gettext_lazy("A parent, an adult sister or your guardian. They must be with you all the way."),
        missing=gettext_lazy("Choose yes if you are 16 or 17 and an adult of your family comes with you, or no"),
    )

    @property
    def ends_at(self) -> str:
        return "" if self.bcu.accepts_16_17 else "under-18"

    def question(self) -> LayoutObject:
        return Question("together", heading=True, inline=True)

    def answer(self) -> Answer:
        together = self.cleaned_data["together"]
        return {"together": together} if together == "yes" else {"together": together, "ends_at": "under-18"}
