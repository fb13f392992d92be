"""Questions about the requester's age, and the adult who must come with a girl under 18."""

from django.utils.translation import gettext_lazy

from bookings.request_form.forms.question import ButtonsForm, yes_or_no
from bookings.request_form.questions import Answer


class AgeForm(ButtonsForm):
    answers_to = "age"
    asks = "adult"

    adult = yes_or_no(
        gettext_lazy("Are you 18 or over?"),
        missing=gettext_lazy("Select yes if you’re 18 or over"),
    )


class AccompaniedForm(ButtonsForm):
    """The accompanying adult of a girl under 18.

    Asked once we know the team, because some teams walk with girls of 16 and 17.
    """

    answers_to = "accompanied"
    asks = "together"

    together = yes_or_no(
        gettext_lazy("Are you 16 or 17, and will an adult from your family come with you?"),
        hint=gettext_lazy("A parent, adult sister or guardian. They must stay with you all the way."),
        missing=gettext_lazy("Select yes if you’re 16 or 17 and an adult from your family will come with you"),
    )

    @property
    def ends_at(self) -> str:
        return "" if self.bcu.accepts_16_17 else "under-18"

    def answer(self) -> Answer:
        together = self.cleaned_data["together"]
        return {"together": together} if together == "yes" else {"together": together, "ends_at": "under-18"}
