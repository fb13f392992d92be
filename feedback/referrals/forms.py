"""Forms to refer an improvement, and to answer a referral: by the partner, or by one of us for it."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms

from bookings.decisions.forms import DecisionForm
from feedback.models.improvements import Improvement
from feedback.referrals.actions import AnswerDetails, ReferralDetails, is_sent_to_its_system, is_told_by_us
from feedback.statuses import PartnerAnswer
from partners.models.partners import Partner
from walkandtalk.lib.govuk.forms import ThreePartDateField
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question

YEAR = datetime.timedelta(days=366)
LONGEST_WORDS = 1000
SAID_BY_PEOPLE = [(answer.value, answer.label) for answer in PartnerAnswer if answer != PartnerAnswer.CLOSED]
NO_NAMES = "Please don’t include anyone’s name."
NO_DAY = {
    "planned_date": "Enter the day by which it’s planned, like 12 6 2027",
    "done_date": "Enter the date it was done, like 12 6 2026",
}


class ReferForm(DecisionForm):
    """The partner, our words to it, and what the women hear."""

    button = "Refer it and tell the women"

    partner = forms.ChoiceField(
        label="Who can change it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select who can change it"},
    )
    words = forms.CharField(
        label="Anything the partner should know",
        help_text="The message has the change, the place, the problem and the light. Add nothing that a woman told us "
        "about herself, and don’t name anyone.",
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
    is_told = forms.BooleanField(
        label="I’ve told the partner myself, because it has no inbox",
        help_text="The women hear at once that we passed it on, so it must be true.",
        required=False,
    )

    def __init__(self, *args: Any, partners: Sequence[Partner], improvement: Improvement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partners = {str(partner.pk): partner for partner in partners}
        self.improvement = improvement
        self.told_by_us = {pk for pk, partner in self.partners.items() if is_told_by_us(partner, improvement)}
        self.fields["partner"].choices = [(pk, partner.name) for pk, partner in self.partners.items()]  # type: ignore[attr-defined]

    def question(self) -> LayoutObject:
        hints = {pk: _how(partner, self.improvement) for pk, partner in self.partners.items()}
        told = [Question("is_told")] if self.told_by_us else []
        layout: LayoutObject = Layout(
            Question("partner", hints=hints), Question("words", rows=3), *told, Question("to_requesters", rows=3)
        )
        return layout

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = cleaned.get("partner")
        if chosen in self.told_by_us and not cleaned.get("is_told"):
            self.add_error("is_told", f"Tell {self.partners[chosen].name}, then select that you’ve told it")
        return cleaned

    def details(self) -> ReferralDetails:
        said = self.cleaned_data
        partner = self.partners[said["partner"]]
        words, to_requesters = said["words"], said["to_requesters"]
        return ReferralDetails(partner=partner, words=words, to_requesters=to_requesters, is_told=said["is_told"])


def _how(partner: Partner, improvement: Improvement) -> str:
    """Return how the partner hears of it."""
    usual = "Usually for this kind. " if improvement.kind in partner.kinds else ""
    if is_sent_to_its_system(partner, improvement):
        return f"{usual}Sent to its own system"
    if partner.inbox:
        return f"{usual}Sent to its inbox, with a link to answer"
    if partner.phone:
        return f"{usual}No inbox yet. Ring {partner.phone} first, then record its answer"
    return f"{usual}No inbox yet. Tell it first, and ask an administrator to add an inbox"


class AnswerForm(DecisionForm):
    """The partner's answer. `DecisionForm.version` is the number of its answers so far."""

    button = "Send your answer"

    answer = forms.ChoiceField(
        label="What can you tell us?",
        widget=forms.RadioSelect,
        choices=SAID_BY_PEOPLE,
        error_messages={"required": "Select an answer"},
    )
    planned_date = ThreePartDateField(
        label="By when?",
        subject="The planned day",
        help_text="If you know only the month, give its last day.",
        required=False,
    )
    done_date = ThreePartDateField(label="When was it done?", subject="The date it was done", required=False)
    whose = forms.CharField(
        label="Who looks after it?", help_text="For example, Transport for London.", max_length=120, required=False
    )
    because = forms.CharField(
        label="Why not?",
        help_text=NO_NAMES,
        widget=forms.Textarea,
        max_length=LONGEST_WORDS,
        required=False,
    )
    their_reference = forms.CharField(label="Your own reference", max_length=60, required=False)
    words = forms.CharField(
        label="Anything else",
        help_text=NO_NAMES,
        widget=forms.Textarea,
        max_length=LONGEST_WORDS,
        required=False,
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
                self._check_day("done_date", self.today - YEAR, self.today, "today or in the past year")
            case PartnerAnswer.NOT_OURS if not cleaned.get("whose"):
                self.add_error("whose", "Enter who looks after it, or “not known”")
            case PartnerAnswer.CANNOT if not cleaned.get("because"):
                self.add_error("because", "Enter why you can’t do it")
        return cleaned

    def _check_day(self, name: str, first: datetime.date, last: datetime.date, when: str) -> None:
        day = self.cleaned_data.get(name)
        if name in self.errors:
            return
        if day is None:
            self.add_error(name, NO_DAY[name])
        elif not first <= day <= last:
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
    """The answer that a partner gave one of us, by phone or in an email of its own."""

    button = "Save the partner’s answer"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = "What did the partner say?"
        self.fields["their_reference"].label = "Its reference"
