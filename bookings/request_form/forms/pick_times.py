"""Days and parts of the day to tap. Each tap on a part of the day adds one preferred time, up to three."""

import datetime
from collections.abc import Iterator, Mapping
from copy import copy
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.template import Context
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bookings.request_form.booking_request import RequestedTime
from bookings.request_form.forms.days import Calendar, day_value, days_html
from bookings.request_form.forms.when import CHOICES, Start, WhenForm, keep_possible_times
from bookings.request_form.questions import Answers
from bookings.statuses import DayPart
from walkandtalk.lib import london
from walkandtalk.lib.govuk.adapters import error_message, form_component
from walkandtalk.lib.govuk.forms import ClockTimeField
from walkandtalk.lib.govuk.layout import AnswerButton, DefaultButton, Fold, Group, Layout, LayoutObject, Question
from walkandtalk.lib.govuk.macros import component
from walks.models.recurring_walks import RecurringWalk

WHICH_DAY = {
    "first": gettext_lazy("Which day?"),
    "second": gettext_lazy("Second choice: which day?"),
    "third": gettext_lazy("Third choice: which day?"),
}
TIMES_SO_FAR = "times-so-far"


class PickTimesForm(WhenForm):
    """One time at a go: a day, then a part of it. The times so far stay in boxes, where they can also be typed."""

    template = "bookings/request_form/when.html"
    is_whole_page: ClassVar[bool] = True
    """Whether a tap on a part of the day answers the page. Beside other questions it only adds a time."""

    day = forms.CharField(label=gettext_lazy("Which day?"), required=False)
    part = forms.ChoiceField(label=gettext_lazy("What time could you start?"), choices=DayPart.choices, required=False)
    at = ClockTimeField(label=gettext_lazy("Start time"), subject=gettext_lazy("Start time"), required=False)
    regular = forms.CharField(required=False)
    add = forms.BooleanField(required=False)
    another = forms.BooleanField(label=gettext_lazy("Add another time after this one"), required=False)
    remove = forms.ChoiceField(choices=list(CHOICES.items()), required=False)

    field_order = ("day", "part", "at")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        answers: Answers,
        today: datetime.date,
        prefix: str | None = None,
    ) -> None:
        data = _without_removed(data, f"{prefix}-" if prefix else "")
        super().__init__(data, answers=answers, today=today, prefix=prefix)
        is_first_view = self.is_whole_page and data is None and bool(self.initial)
        if is_first_view and not keep_possible_times(answers, bcu=self.bcu, today=today):
            # The saved times are not possible any more, so show the error at once.
            self.is_bound, self.data = True, {"also": self.initial["also"], **self.in_boxes(self.initial)}

    # --- The page

    @cached_property
    def times(self) -> dict[str, RequestedTime]:
        """The times so far, by choice, as the boxes hold them."""
        times = {}
        for choice in CHOICES:
            try:
                date = self.fields[f"{choice}_date"].to_python(self[f"{choice}_date"].value())
                start = self.fields[f"{choice}_start"].to_python(self[f"{choice}_start"].value())
            except forms.ValidationError:
                continue
            if date and start:
                times[choice] = start.on(date, earliest=self.bcu.earliest)
        return times

    @property
    def next_choice(self) -> str:
        """The first choice without a time, or "" if all three have one."""
        return next((choice for choice in CHOICES if choice not in self.times), "")

    def question(self) -> LayoutObject:
        also: list[LayoutObject] = [Question("also", size="s", label=_("I could also do (optional)"))]
        picker: list[LayoutObject] = []
        if self.next_choice:
            picker = [Parts(), Fold(_("Only at a certain time"), *self._certain_time(), fields=("at",))]
        if self.is_whole_page and self.next_choice not in ("", "third"):
            also.append(Question("another"))
        typed = TypedTimes(*self._typed())
        # A tap that answers the page comes last.
        questions = [*also, *picker, typed] if self.is_whole_page else [*picker, typed, *also]
        page: LayoutObject = Layout(DefaultButton(), TimesSoFar(), Days(), *questions)
        return page

    def _certain_time(self) -> list[LayoutObject]:
        values = {"earliest": london.clock(self.bcu.earliest), "latest": london.clock(self.bcu.latest)}
        hint = _("For example, 6:30pm. Walks start between %(earliest)s and %(latest)s.") % values
        question = Question("at", width="10", optional=False, hint=hint)
        return [question] if self.is_whole_page else [question, AnswerButton("add", "on", _("Add this time"))]

    def _typed(self) -> list[Group]:
        example = self.first_day + datetime.timedelta(days=2)
        hint = _("For example, %(date)s") % {"date": f"{example.day} {example.month} {example.year}"}
        legends = {"first": _("First choice"), "second": _("Second choice"), "third": _("Third choice")}
        return [self._group(choice, legend, hint if choice == "first" else "") for choice, legend in legends.items()]

    @property
    def parts(self) -> list[DayPart]:
        """The parts of the day in which this BCU's walks start."""
        return [part for part in DayPart if part.begins <= self.bcu.latest and self.bcu.earliest < part.ends]

    def calendar(self, chosen: str) -> Calendar:
        bcu, interpreted = self.bcu, self.with_interpreter
        return Calendar(
            first=self.first_day,
            last=self.last_day,
            closed_from=bcu.closed_from,
            closed_until=bcu.closed_until,
            notice_days=max(bcu.notice_days, bcu.interpreter_notice_days) if interpreted else bcu.notice_days,
            with_interpreter=interpreted and bcu.interpreter_notice_days > bcu.notice_days,
            chosen=chosen,
            language=get_language() or "",
            name=self.add_prefix("day"),
        )

    @cached_property
    def regular_walks(self) -> list[tuple[str, str]]:
        """The dates of the BCU's recurring walks, if it shows them: never a spot, an officer or a number of places."""
        if not self.bcu.offers_recurring_walks:
            return []
        walks = RecurringWalk.objects.filter(bcu=self.bcu).select_related("bcu")
        dates = [(date, walk.start, walk.area) for walk in walks for date in walk.dates(self.first_day, self.last_day)]
        texts = {}
        for date, start, area in sorted(dates):
            part = DayPart.of(start)
            values = {"day": day_value(date), "part": str(part.label).lower(), "area": area}
            texts[f"{date.isoformat()} {part}"] = _("%(day)s, %(part)s: %(area)s") % values
        return list(texts.items())

    # --- The answer

    def clean_day(self) -> datetime.date | None:
        try:
            return datetime.date.fromisoformat(self.cleaned_data["day"]) if self.cleaned_data["day"] else None
        except ValueError:
            raise forms.ValidationError(_("Select a day")) from None

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("remove"):
            return self.cleaned_data
        cleaned = super().clean()
        if regular := cleaned.get("regular"):
            self._add_regular(regular)
        else:
            self._add_picked(cleaned.get("day"), self._picked_start())
        if not self.errors and not any(self._time(choice) for choice in CHOICES):
            self.add_error("day", _("Select a day"))
        if self.stays and not self.is_whole_page and not self.errors:
            self._begin_again()
        return self.cleaned_data

    def _begin_again(self) -> None:
        """Put the times so far into the boxes of the page that comes again, where no day is chosen yet."""
        data: Any = copy(self.data)
        for name in ("day", "at"):
            data.pop(self.add_prefix(name), None)
        for name, value in self.in_boxes(self.cleaned_data).items():
            data[name] = value
        self.data = data

    def _picked_start(self) -> Start | None:
        part, at = self.cleaned_data.get("part"), self.cleaned_data.get("at")
        return Start(part=part) if part else Start(at=at) if at else None

    def _add_picked(self, day: datetime.date | None, start: Start | None) -> None:
        if {"day", "part", "at"} & set(self.errors):
            return
        if start and not day:
            self.add_error("day", _("Select a day"))
        elif day and not start:
            self.add_error("part", _("Select a time of day"))
        elif day and start:
            self._add(start.on(day, earliest=self.bcu.earliest))

    def _add_regular(self, code: str) -> None:
        if code not in dict(self.regular_walks):
            self.add_error("day", _("That regular walk isn’t available any more. Select a day"))
            return
        date, part = code.split()
        start = Start(part=part, is_regular=True)
        self._add(start.on(datetime.date.fromisoformat(date), earliest=self.bcu.earliest))

    def _add(self, time: RequestedTime) -> None:
        """Make this the first choice that has no time yet, or whose time is not possible."""
        choice = next((choice for choice in CHOICES if self._is_free(choice)), None)
        if choice is None:
            self.add_error("day", _("Remove a time before you add another"))
            return
        for name in (f"{choice}_date", f"{choice}_start"):
            self.errors.pop(name, None)
        self.cleaned_data[f"{choice}_date"] = time.date
        self.cleaned_data[f"{choice}_start"] = Start.of(time)
        if time in [self._time(other) for other in CHOICES if other != choice]:
            self.add_error("day", _("Select another day or time. You already have this one"))
        if problem := self.date_problem(_("This day"), time.date):
            self.add_error("day", problem)
        if problem := self.time_problem(_("This time"), time):
            self.add_error("at" if not time.part else "part", problem)

    def _is_free(self, choice: str) -> bool:
        names = f"{choice}_date", f"{choice}_start"
        return not any(self.cleaned_data.get(name) for name in names) or any(name in self.errors for name in names)

    @property
    def stays(self) -> bool:
        """Whether the page comes again: to add another time, or because one was removed."""
        names = ("another", "remove") if self.is_whole_page else ("add", "part", "regular", "remove")
        return any(self.data.get(self.add_prefix(name)) for name in names)


class TimesSoFar:
    """The times that she has chosen, each with a button that removes it."""

    def render(self, form: Any, context: Context) -> SafeString:
        if not form.times:
            return _anchor(form)
        rows = format_html_join("", "{}", ((self._row(form, choice, time),) for choice, time in form.times.items()))
        heading = _("Your times so far")
        return format_html(
            '{}<h2 class="govuk-heading-m">{}</h2><dl class="times">{}</dl>', _anchor(form), heading, rows
        )

    def _row(self, form: Any, choice: str, time: RequestedTime) -> SafeString:
        words = f"{day_value(time.date)}, {time.start_in_words}"
        button = format_html(
            '<button class="link-button" name="{}" value="{}"{}>{}'
            '<span class="govuk-visually-hidden"> {}</span></button>',
            form.add_prefix("remove"),
            choice,
            _returns(form),
            _("Remove"),
            words,
        )
        return format_html("<div><dt>{}</dt><dd>{}</dd><dd>{}</dd></div>", CHOICES[choice], words, button)


class Days:
    """The days to choose from, week by week."""

    def render(self, form: Any, context: Context) -> SafeString:
        if not form.next_choice:
            return SafeString()
        error = error_message(form["day"])
        chosen = str(form["day"].value() or "") if form.is_bound else ""
        inner = format_html("{}{}{}", error, days_html(form.calendar(chosen)), self._regular(form))
        legend = {"text": WHICH_DAY[form.next_choice], "classes": "govuk-fieldset__legend--m"}
        return component("fieldset", classes="days", legend=legend, html=inner)

    def _regular(self, form: PickTimesForm) -> SafeString:
        if not form.regular_walks:
            return SafeString()
        name = form.add_prefix("regular")
        buttons = format_html_join(
            "",
            '<li><button class="link-button" name="{}" value="{}"{}>{}</button></li>',
            ((name, code, _returns(form), text) for code, text in form.regular_walks),
        )
        return format_html(
            '<h2 class="govuk-heading-s">{}</h2><ul class="govuk-list regular">{}</ul>',
            _("Or ask to join one of our regular walks"),
            buttons,
        )


class Parts:
    """The parts of the day. Each is a button that answers the page, or adds a time to it."""

    def render(self, form: Any, context: Context) -> SafeString:
        hint = (
            ""
            if form.is_whole_page
            else component("hint", text=_("Press one to add a time. You can give up to three."))
        )
        error = error_message(form["part"])
        buttons = format_html_join("", "{}", ((button,) for button in self._buttons(form)))
        legend = {"text": form.fields["part"].label, "classes": "govuk-fieldset__legend--m"}
        html = format_html('{}{}<div class="parts">{}</div>', hint, error, buttons)
        return form_component(form, "fieldset", legend=legend, html=html)

    def _buttons(self, form: PickTimesForm) -> Iterator[SafeString]:
        name, first_id = form.add_prefix("part"), form["part"].auto_id
        for n, part in enumerate(form.parts):
            begins, ends = max(part.begins, form.bcu.earliest), min(part.ends, form.bcu.latest)
            hours = _("%(start)s to %(end)s") % {"start": london.clock(begins), "end": london.clock(ends)}
            yield format_html(
                '<button class="parts__part" id="{}" name="{}" value="{}"{} data-prevent-double-click="true" '
                'data-module="govuk-button"><strong>{}</strong> <span>{}</span></button>',
                first_id if n == 0 else f"{first_id}_{n}",
                name,
                part.value,
                _returns(form),
                part.label,
                hours,
            )


class TypedTimes:
    """All three times in boxes, folded away unless one has an error."""

    def __init__(self, *groups: Group) -> None:
        self.questions = groups

    def render(self, form: Any, context: Context) -> SafeString:
        is_open = any(name in form.errors for choice in CHOICES for name in (f"{choice}_date", f"{choice}_start"))
        inner = format_html_join("", "{}", ((group.render(form, context),) for group in self.questions))
        notes = format_html('<div data-days="{}" hidden></div>', form.day_notes)  # for days.js
        summary = _("Type dates instead")
        return form_component(form, "details", summaryText=summary, html=inner, open=is_open) + notes


def _anchor(form: PickTimesForm) -> SafeString:
    return SafeString() if form.is_whole_page else format_html('<span id="{}"></span>', TIMES_SO_FAR)


def _returns(form: PickTimesForm) -> SafeString:
    """Make a button return to the times so far, if there are other questions above them."""
    return SafeString() if form.is_whole_page else format_html(' formaction="#{}"', TIMES_SO_FAR)


def _without_removed(data: Mapping[str, Any] | None, prefix: str) -> Mapping[str, Any] | None:
    """Empty the boxes of a time that she removes, and move the later times up."""
    if not isinstance(data, QueryDict) or data.get(f"{prefix}remove") not in CHOICES:
        return data
    kept = data.copy()
    names = list(CHOICES)
    for n in range(names.index(str(kept[f"{prefix}remove"])), len(names)):
        for ending in ("date_day", "date_month", "date_year", "start"):
            later = f"{prefix}{names[n + 1]}_{ending}" if n + 1 < len(names) else ""
            kept[f"{prefix}{names[n]}_{ending}"] = kept.get(later, "") if later else ""
    return kept
