"""Forms to refer an improvement, and to answer a referral: by the partner, or by one of us for it."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms

from bookings.decisions.forms import DecisionForm
from feedback.referrals.actions import AnswerDetails, ReferralDetails
from feedback.statuses import PartnerAnswer
from partners.models.partners import Partner
from walkandtalk.lib.govuk.forms import ThreePartDateField
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question

YEAR = datetime.timedelta(days=366)
LONGEST_WORDS = 1000


class ReferForm(DecisionForm):
    """Who can change the place, what we ask for, and what the women hear."""

    button = "Refer and tell them"

    partner = forms.ChoiceField(
        label="Who can change it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select who can change it"},
    )
    words = forms.CharField(
        label="Anything the partner should know",
        help_text="The message has the change, the place, the problem and the light. Add nothing that a woman told us "
        "about herself, and name nobody.",
        widget=forms.Textarea,
        max_length=LONGEST_WORDS,
        required=False,
    )
    to_requesters = forms.CharField(
        label="Our words to the women",
        help_text="They read “Passed to”, the partner’s name, and then this. Say what happens next.",
        widget=forms.Textarea,
        max_length=LONGEST_WORDS,
        error_messages={"required": "Enter our words to the women"},
    )

    def __init__(self, *args: Any, partners: Sequence[Partner], kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partners = {str(partner.pk): partner for partner in partners}
        self.kind = kind
        self.fields["partner"].choices = [(pk, partner.name) for pk, partner in self.partners.items()]  # type: ignore[attr-defined]

    def question(self) -> LayoutObject:
        hints = {pk: _how(partner, self.kind) for pk, partner in self.partners.items()}
        layout: LayoutObject = Layout(
            Question("partner", hints=hints), Question("words", rows=3), Question("to_requesters", rows=3)
        )
        return layout

    def details(self) -> ReferralDetails:
        said = self.cleaned_data
        partner = self.partners[said["partner"]]
        return ReferralDetails(partner=partner, words=said["words"], to_requesters=said["to_requesters"])


def _how(partner: Partner, kind: str) -> str:
    """Return how the partner hears of it."""
    usual = "Usually for this kind. " if kind in partner.kinds else ""
    if partner.can_take(kind):
        return f"{usual}Sent to its own system"
    if partner.inbox:
        return f"{usual}Sent to its inbox, with a link to answer"
    by_phone = f"Ring {partner.phone}" if partner.phone else "Tell it yourself"
    return f"{usual}{by_phone}: we have no inbox. Then note its answer"


class AnswerForm(DecisionForm):
    """What the partner says. `DecisionForm.version` is the number of its answers so far."""

    button = "Send your answer"

    answer = forms.ChoiceField(
        label="What is your answer?",
        widget=forms.RadioSelect,
        choices=PartnerAnswer.choices,
        error_messages={"required": "Select an answer"},
    )
    planned_date = ThreePartDateField(
        label="By when?",
        subject="The planned day",
        help_text="If you know only the month, give its last day.",
        required=False,
    )
    done_date = ThreePartDateField(label="When was it done?", subject="The day on which it was done", required=False)
    whose = forms.CharField(
        label="Whose is it?", help_text="For example, Transport for London.", max_length=120, required=False
    )
    because = forms.CharField(
        label="Why not?", help_text="Name nobody.", widget=forms.Textarea, max_length=LONGEST_WORDS, required=False
    )
    their_reference = forms.CharField(label="Your own reference", max_length=60, required=False)
    words = forms.CharField(
        label="Anything else", help_text="Name nobody.", widget=forms.Textarea, max_length=LONGEST_WORDS, required=False
    )

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def question(self) -> LayoutObject:
        reveal: dict[str, LayoutObject] = {
            PartnerAnswer.PLANNED: Question("planned_date"),
            PartnerAnswer.DONE: Question("done_date"),
            PartnerAnswer.NOT_OURS: Question("whose", width="20"),
            PartnerAnswer.CANNOT: Question("because", rows=3),
        }
        layout: LayoutObject = Layout(
            Question("answer", reveal=reveal), Question("their_reference", width="20"), Question("words", rows=2)
        )
        return layout

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        match cleaned.get("answer"):
            case PartnerAnswer.PLANNED:
                self._check_day("planned_date", self.today, self.today + 5 * YEAR, "today or later")
            case PartnerAnswer.DONE:
                self._check_day("done_date", self.today - YEAR, self.today, "today or in the year before")
            case PartnerAnswer.NOT_OURS if not cleaned.get("whose"):
                self.add_error("whose", "Enter whose it is. If you don’t know, enter “not known”")
            case PartnerAnswer.CANNOT if not cleaned.get("because"):
                self.add_error("because", "Enter why you can’t do it")
        return cleaned

    def _check_day(self, name: str, first: datetime.date, last: datetime.date, when: str) -> None:
        day = self.cleaned_data.get(name)
        if name not in self.errors and (day is None or not first <= day <= last):
            self.add_error(name, f"{self.fields[name].subject} must be {when}")  # type: ignore[attr-defined]

    def said(self) -> AnswerDetails:
        """Return what belongs to the answer that was chosen, and nothing else that was typed."""
        said = self.cleaned_data
        answer = PartnerAnswer(said["answer"])
        because = said["because"] if answer == PartnerAnswer.CANNOT else ""
        return AnswerDetails(
            answer=answer,
            date={PartnerAnswer.PLANNED: said["planned_date"], PartnerAnswer.DONE: said["done_date"]}.get(answer),
            whose=said["whose"] if answer == PartnerAnswer.NOT_OURS else "",
            their_reference=said["their_reference"],
            words="\n".join(line for line in (because, said["words"]) if line),
        )


class NoteAnswerForm(AnswerForm):
    """What a partner told one of us, by phone or in an email of its own."""

    button = "Save the partner’s answer"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = "What did the partner say?"
        self.fields["their_reference"].label = "Their own reference"
