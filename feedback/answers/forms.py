"""The inspector's answer to a concern, and the requester's answers to follow-up questions."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.decisions.forms import DecisionForm
from feedback.answers.actions import AnswerNow
from feedback.concerns.forms import YEAR
from feedback.improvements.actions import Answer
from feedback.models.concerns import Concern
from feedback.models.events import FollowUpQuestion
from feedback.models.improvements import Improvement
from feedback.reports.forms import feeling_now, one_of
from feedback.statuses import FollowUpAnswer, State
from walkandtalk.lib import london
from walkandtalk.lib.govuk.forms import PageForm, ThreePartDateField
from walkandtalk.lib.govuk.layout import Group, Layout, LayoutObject, Question

WORDS_TO_ALL = "Each reads this in an email or on her page. Say what was done, or why not. Don’t name anyone."
NO_DAY = {"planned_date": "Enter the day by which it’s planned", "review_date": "Enter the review date"}


class AnswerForm(DecisionForm):
    """An inspector's answer to an accepted concern, or to everyone who waits for an improvement."""

    button = "Save and tell her"
    DONE, PLANNED, GOES_ON, NOT_OURS, NO_ACTION = "done", "planned", "is_continuing", "not_ours", "no_action"

    TO_COME = {PLANNED: ("planned_date", 5), GOES_ON: ("review_date", 1)}
    """The day that is still to come, and the years within which it must be."""

    outcome = forms.ChoiceField(
        label="What’s the news?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select what the news is"},
    )
    done_date = ThreePartDateField(label="When was it done?", subject="The date it was done", required=False)
    is_part = forms.BooleanField(label="Only some of it is done", required=False)
    planned_date = ThreePartDateField(label="When will it be done?", subject="The planned day", required=False)
    review_date = ThreePartDateField(label="Review date", subject="The review date", required=False)
    words = forms.CharField(
        label="Our answer to her",
        help_text="She’ll read this in an email and on her page. Say what was done, or why not. Don’t name anyone.",
        widget=forms.Textarea,
        max_length=1000,
        error_messages={"required": "Enter our answer to her"},
    )

    def __init__(self, *args: Any, row: Concern | Improvement, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if isinstance(row, Improvement):
            self.button = "Save and tell them"
            self.fields["words"].label = "Our answer to the women"
            self.fields["words"].help_text = WORDS_TO_ALL
            self.fields["words"].error_messages["required"] = "Enter our answer to the women"
        offered = {
            self.DONE: "Something was done",
            self.PLANNED: "Something is planned",
            self.GOES_ON: "We’re working on it",
            self.NOT_OURS: isinstance(row, Improvement)
            and row.may_become(State.NOT_OURS)
            and row.is_acknowledged
            and f"{row.partner} will deal with it, and we’re closing it",
            self.NO_ACTION: "We can’t change it",
        }
        self.offered = {outcome: label for outcome, label in offered.items() if label}
        self.fields["outcome"].choices = list(self.offered.items())  # type: ignore[attr-defined]

    def question(self) -> LayoutObject:
        revealed: dict[str, LayoutObject] = {
            self.DONE: Layout(Question("done_date"), Question("is_part")),
            self.PLANNED: Question("planned_date"),
            self.GOES_ON: Question("review_date"),
        }
        layout: LayoutObject = Layout(Question("outcome", reveal=revealed), Question("words", rows=3))
        return layout

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        outcome = cleaned.get("outcome")
        if outcome == self.DONE and "done_date" not in self.errors:
            day = cleaned.get("done_date")
            if day is None:
                self.add_error("done_date", "Enter the date it was done")
            elif not self.today - YEAR <= day <= self.today:
                self.add_error("done_date", "The date it was done must be today or in the past year")
        to_come, years = self.TO_COME.get(outcome or "", ("", 0))
        if to_come and to_come not in self.errors:
            day = cleaned.get(to_come)
            if day is None:
                self.add_error(to_come, NO_DAY[to_come])
            elif not self.today < day <= self.today + years * YEAR:
                subject = self.fields[to_come].subject  # type: ignore[attr-defined]
                within = "a year" if years == 1 else f"{years} years"
                self.add_error(to_come, f"{subject} must be after today, and within {within}")
        return cleaned

    def answer(self) -> Answer:
        """Return what belongs to the outcome that was chosen, and nothing else that was typed."""
        said = self.cleaned_data
        words = said["words"]
        match said["outcome"]:
            case self.PLANNED:
                day = said["planned_date"]
                # A partner may plan for years ahead, and nobody should forget it until then.
                return Answer(to=State.PLANNED, words=words, done_date=day, review_date=min(day, self.today + YEAR))
            case self.NOT_OURS:
                return Answer(to=State.NOT_OURS, words=words)
            case self.DONE:
                to = State.PARTLY_RESOLVED if said["is_part"] else State.RESOLVED
                return Answer(to=to, words=words, done_date=said["done_date"])
            case self.GOES_ON:
                return Answer(to=State.IN_PROGRESS, words=words, review_date=said["review_date"])
            case _:
                return Answer(to=State.NO_ACTION, words=words)


class FollowUpForm(PageForm):
    """The requester's answer for each thing that was done. She may leave any of them unanswered.

    With `names_places`, each question says which place it is about. A stranger who opens the page would read it.
    """

    button = _("Send your answer")

    def __init__(
        self, *args: Any, questions: Sequence[FollowUpQuestion], names_places: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.names_places = names_places
        self.asked = {question.pk.hex: question for question in questions}
        for key in self.asked:
            self.fields[f"better_{key}"] = one_of(_("Is it better?"), FollowUpAnswer.choices)
            self.fields[f"now_{key}"] = feeling_now(_("How safe do you feel there now?"))

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(
            *(
                Group(
                    self._legend(question.event.concern),
                    Question(f"better_{key}", optional=False, small=True),
                    Question(f"now_{key}", small=True),
                    hint=_what(question),
                )
                for key, question in self.asked.items()
            )
        )
        return layout

    def _legend(self, concern: Concern) -> str:
        place = concern.current_wording.place if self.names_places else ""
        return f"{concern.kind_label}, {place}" if place else concern.kind_label

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        for key in self.asked:
            if cleaned[f"now_{key}"] is not None and not cleaned[f"better_{key}"]:
                self.add_error(f"better_{key}", str(_("Select whether it’s better")))
        if not self.errors and not self.answers():
            self.add_error(f"better_{next(iter(self.asked))}", str(_("Select an answer")))
        return cleaned

    def answers(self) -> dict[uuid.UUID, AnswerNow]:
        said = {question.pk: self._answer(key) for key, question in self.asked.items()}
        return {pk: answer for pk, answer in said.items() if answer is not None}

    def _answer(self, key: str) -> AnswerNow | None:
        better = self.cleaned_data.get(f"better_{key}")
        feeling = self.cleaned_data.get(f"now_{key}")
        return AnswerNow(is_better=FollowUpAnswer(better), feeling=feeling) if better else None


def _what(question: FollowUpQuestion) -> str:
    """Return the day it was done, and what we wrote to the requester then."""
    event = question.event
    day = london.long_date(event.done_date or event.at)
    if not event.to_requester:
        return _("Done on %(day)s") % {"day": day}
    return _("Done on %(day)s: %(words)s") % {"day": day, "words": event.to_requester}
