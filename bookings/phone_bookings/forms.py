"""The forms for a phone booking: the questions of our own pages, several to a page."""

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.template import Context
from django.utils.safestring import SafeString

from bookings.request_form.booking_request import RequestedTime
from bookings.request_form.forms.adding import too_many_companions_error
from bookings.request_form.forms.age import AccompaniedForm, AgeForm
from bookings.request_form.forms.area import BoroughOrPostcodeForm
from bookings.request_form.forms.basics import NameForm, NeedsForm, StartForm
from bookings.request_form.forms.contact import ContactForm
from bookings.request_form.forms.meeting import MeetingPlaceForm
from bookings.request_form.forms.pick_times import PickTimesForm
from bookings.request_form.forms.question import QuestionForm
from bookings.request_form.forms.when import date_problem, time_problem
from bookings.request_form.questions import Answer, Answers
from bookings.statuses import StaffBookingMethod
from boroughs import taxonomy
from boroughs.help_contacts import help_contacts_by_purpose
from boroughs.models.bcus import Borough, BoroughCommandUnit
from boroughs.models.officers import Officer
from boroughs.models.texts import HelpContact
from walkandtalk.lib import london
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question, without_headings
from walkandtalk.lib.govuk.pages import error_summary


def under_18_not_offered_error() -> str:
    line = help_contacts_by_purpose()[HelpContact.Purpose.CHILDREN]
    return f"Tell her: {line.name} is {line.number}, and 101 finds the officers of her ward."


def not_open_yet_error(bcu: BoroughCommandUnit) -> str:
    return (
        f"{bcu.name} is closed until its inbox and duty number are set. Tell her that walks there aren’t open yet, and "
        "that 101 finds the officers of her ward."
    )


class BookingMethodForm(QuestionForm):
    answers_to = "phone_booking"

    how = forms.ChoiceField(
        label="How do you speak with her?",
        choices=StaffBookingMethod.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you speak with her by phone or in person"},
    )

    def question(self) -> LayoutObject:
        return Question("how", inline=True)


class NoDangerForm(StartForm):
    def clean_danger(self) -> str:
        danger = str(self.cleaned_data["danger"])
        if danger == "yes":
            raise forms.ValidationError(
                "Send help first: treat this as an emergency call. Choose no once nobody is in danger"
            )
        return danger


class StaffAreaForm(BoroughOrPostcodeForm):
    """The borough or postcode of a place in London that we look after."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and "ends_at" in (answer := self.answer()):
            city = answer["ends_at"] == "city"
            scheme = "The City of London Police have their own scheme: give her 101, and its name."
            self.add_error(
                cleaned["how"],
                scheme if city else "That is outside London: tell her that 101 finds the police of that place",
            )
        return cleaned


class StaffWhenForm(PickTimesForm):
    """The preferred times. The inspector may waive the notice and hours of her own BCU, but not those of another."""

    is_cacheable = False
    is_whole_page = False

    def __init__(self, data: Mapping[str, Any] | None = None, *, must_follow_rules: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.must_follow_rules = must_follow_rules

    def date_problem(self, which: str, date: datetime.date) -> str:
        if self.must_follow_rules:
            return super().date_problem(which, date)
        return f"{which} must be a time to come" if date < self.today else ""

    def time_problem(self, which: str, time: RequestedTime) -> str:
        if self.must_follow_rules:
            return super().time_problem(which, time)
        try:
            is_past = london.to_instant(time.date, time.start) <= datetime.datetime.now(datetime.UTC)
        except london.AmbiguousOrMissingTime as error:
            return str(error)
        return f"{which} must be a time to come" if is_past and time.date >= self.today else ""


class OptionalAnswersForm(QuestionForm):
    """The answers that a requester may give but does not have to."""

    answers_to = "more"
    is_cacheable = False

    route = forms.CharField(
        label="Where would you like to walk, or what should we see?",
        max_length=1000,
        required=False,
        widget=forms.Textarea,
        error_messages={"max_length": "Where to walk must be 1,000 characters or fewer"},
    )
    about = forms.MultipleChoiceField(
        label="What is it about?",
        choices=list(taxonomy.GROUPS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    companions = forms.IntegerField(
        label="How many people will come with you?", help_text="Each must be 18 or over.", required=False, min_value=0
    )
    without_name = forms.ChoiceField(
        label="May we pass on the place and the problem, without your name?",
        choices=[("yes", "Yes"), ("no", "No")],
        required=False,
        widget=forms.RadioSelect,
    )
    restricted = forms.BooleanField(
        label="Keep this from someone in the police",
        help_text="Then one inspector of another BCU decides, and nobody here sees it. You won’t see it again "
        "once it is sent. Tell nobody what you have heard.",
        required=False,
    )

    def clean_companions(self) -> int:
        companions = self.cleaned_data["companions"] or 0
        if companions > self.bcu.max_companions:
            raise forms.ValidationError(too_many_companions_error(self.bcu.max_companions))
        return int(companions)

    def begin_with(self, answer: Answer) -> dict[str, Any]:
        begin: dict[str, Any] = {"restricted": "restricted" in self.answers}
        for name in ("route", "about", "company", "passing-on"):
            begin |= self.answers.get(name) or {}
        return begin

    def answers_now(self) -> dict[str, Answer]:
        """Return each answer under its own question, as our own pages save it. An unanswered question is empty."""
        cleaned = self.cleaned_data
        return {
            "route": {"route": cleaned["route"]} if cleaned["route"] else {},
            "about": {"about": cleaned["about"]} if cleaned["about"] else {},
            "company": {"companions": cleaned["companions"]} if cleaned["companions"] else {},
            "passing-on": {"without_name": cleaned["without_name"]} if cleaned["without_name"] else {},
            "restricted": {"restricted": True} if cleaned["restricted"] else {},
        }

    def question(self) -> LayoutObject:
        page: LayoutObject = Layout(
            Question("route", rows=3),
            Question("about"),
            Question("companions", width="2"),
            Question("without_name", inline=True),
            Question("restricted"),
        )
        return page


class StaffAccompaniedForm(AccompaniedForm):
    def clean_together(self) -> str:
        together = str(self.cleaned_data["together"])
        if together == "no":
            raise forms.ValidationError(f"We cannot walk with her then. {under_18_not_offered_error()}")
        return together


class FormSections:
    """Several questions on one page. Each keeps its answer, even if another has an error.

    A button of one question, which adds a time or removes it, asks nothing of the other questions yet.
    """

    def __init__(self, *sections: QuestionForm) -> None:
        self.sections = sections
        self._refused: list[dict[str, str]] = []
        self.stays = any(form.stays for form in sections)
        if self.stays:
            for form in sections:
                if not form.stays:
                    form.errors.clear()

    def refuse(self, sentence: str) -> None:
        self._refused.append({"text": sentence})

    @property
    def is_bound(self) -> bool:
        return any(form.is_bound for form in self.sections)

    def is_valid(self) -> bool:
        invalid = [form for form in self.sections if not form.is_valid()]  # validate all, to show every error
        return not invalid and not self.stays

    @property
    def html(self) -> list[SafeString]:
        return [_render(form) for form in self.sections]

    @property
    def errors(self) -> list[dict[str, str]]:
        return self._refused + [line for form in self.sections for line in error_summary(form)]

    def answers(self) -> dict[str, Answer]:
        answers: dict[str, Answer] = {}
        for form in self.sections:
            answers |= form.answers_now() if isinstance(form, OptionalAnswersForm) else {form.answers_to: form.answer()}
        return answers


def _render(form: QuestionForm) -> SafeString:
    without_headings(form.layout)
    return form.render_questions(Context())


def first_page(data: Mapping[str, Any] | None, *, answers: Answers, today: datetime.date) -> FormSections:
    """Return the questions on safety, contact, age and area: the most important first, in case the call ends."""
    kinds: tuple[type[QuestionForm], ...] = (NoDangerForm, BookingMethodForm, ContactForm, AgeForm, StaffAreaForm)
    return FormSections(*(_section(kind, data, answers, today) for kind in kinds))


def second_page(
    data: Mapping[str, Any] | None, *, answers: Answers, today: datetime.date, by: Officer, bcu: BoroughCommandUnit
) -> FormSections:
    """Return all other questions, once the answers show which team gets the request."""
    is_under_18 = answers["age"]["adult"] == "no"
    optional = _section(OptionalAnswersForm, data, answers, today)
    needs = _section(NeedsForm, data, answers, today)
    known_answers = {**answers, "needs": needs.answer()} if needs.is_valid() else answers
    must_follow_rules = bcu.pk != by.bcu_id or (optional.is_valid() and optional.cleaned_data["restricted"])
    when = StaffWhenForm(data, must_follow_rules=must_follow_rules, answers=known_answers, today=today, prefix="when")
    return FormSections(
        *([_section(StaffAccompaniedForm, data, answers, today)] if is_under_18 else []),
        _section(NameForm, data, answers, today),
        _section(MeetingPlaceForm, data, answers, today),
        when,
        needs,
        optional,
    )


def _section(
    kind: type[QuestionForm], data: Mapping[str, Any] | None, answers: Answers, today: datetime.date
) -> QuestionForm:
    form = kind(data, answers=answers, today=today, prefix=kind.answers_to)
    form.is_cacheable = False  # a cached form has its label as the h1, for a page with one question
    return form


def broken_rules(
    preferred_times: tuple[RequestedTime, ...], *, bcu: BoroughCommandUnit, today: datetime.date, interpreted: bool
) -> list[str]:
    """Describe the preferred times that break the BCU's rules on notice and hours."""
    broken = []
    for n, preferred_time in enumerate(preferred_times, start=1):
        problem = date_problem(f"Choice {n}", preferred_time.date, bcu=bcu, today=today, interpreted=interpreted)
        problem = problem or time_problem(f"Choice {n}", preferred_time, bcu=bcu)
        broken += [problem.replace(" must ", " would usually ", 1)] if problem else []
    return broken


def borough_of(answers: Answers) -> Borough:
    return Borough.objects.select_related("bcu").get(gss=answers["area"]["borough"])


class PageIdForm(forms.Form):
    """The id of the inspector's page, so that sending it twice makes one booking."""

    of = forms.UUIDField()


class ReadBackForm(PageForm):
    spoken = forms.BooleanField(required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, to: str, spoken: str) -> None:
        super().__init__(data)
        self.button = f"Send it to {to}"
        self.fields["spoken"].label = spoken
        if not spoken:
            del self.fields["spoken"]

    @property
    def has_spoken_with_requester(self) -> bool:
        return bool(self.cleaned_data.get("spoken"))
