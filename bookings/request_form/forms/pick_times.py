"""Days and parts of the day to tap. Each tap on a part of the day adds one preferred time, up to three."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

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
from bookings.request_form.forms.when import CHOICES, Start, WhenForm, time_problem
from bookings.request_form.questions import Answers
from bookings.statuses import DayPart
from walkandtalk.lib import london
from walkandtalk.lib.govuk.adapters import error_message, form_component
from walkandtalk.lib.govuk.forms import ClockTimeField
from walkandtalk.lib.govuk.layout import DefaultButton, Fold, Group, Layout, LayoutObject, Question
from walkandtalk.lib.govuk.macros import component
from walks.models.recurring_walks import RecurringWalk

WHICH_DAY = {
    "first": gettext_lazy("Which day?"),
    "second": gettext_lazy("Second choice: which day?"),
    "third": gettext_lazy("Third choice: which day?"),
}


class PickTimesForm(WhenForm):
    """One time at a go: a day, then a part of it. The times so far stay in boxes, where they can also be typed."""

    template = "bookings/request_form/when.html"

    day = forms.CharField(label=gettext_lazy("Which day?"), required=False)
    part = forms.ChoiceField(label=gettext_lazy("What time could you start?"), choices=DayPart.choices, required=False)
    at = ClockTimeField(label=gettext_lazy("Start time"), subject=gettext_lazy("Start time"), required=False)
    regular = forms.CharField(required=False)
    another = forms.BooleanField(label=gettext_lazy("Add another time after this one"), required=False)
    remove = forms.ChoiceField(choices=list(CHOICES.items()), required=False)

    field_order = ("day", "part", "at")

    def __init__(self, data: Mapping[str, Any] | None = None, *, answers: Answers, today: datetime.date) -> None:
        super().__init__(_without_removed(data), answers=answers, today=today)
        for name in ("first_date", "first_start"):
            self.fields[name].required = False

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
        picker: list[LayoutObject] = [Days(), Question("also", size="s", label=_("I could also do (optional)"))]
        if self.next_choice:
            picker += [Question("another")] if self.next_choice != "third" else []
            picker += [Parts(), Fold(_("Only at a certain time"), self._certain_time(), fields=("at",))]
        page: LayoutObject = Layout(DefaultButton(), TimesSoFar(), *picker, TypedTimes(*self._typed()))
        return page

    def _certain_time(self) -> LayoutObject:
        values = {"earliest": london.clock(self.bcu.earliest), "latest": london.clock(self.bcu.latest)}
        hint = _("For example, 6:30pm. Walks start between %(earliest)s and %(latest)s.") % values
        return Question("at", width="10", optional=False, hint=hint)

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
            raise forms.ValidationError(_("Choose a day")) from None

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("remove"):
            return self.cleaned_data
        cleaned = super().clean()
        if regular := cleaned.get("regular"):
            self._add_regular(regular)
        else:
            self._add_picked(cleaned.get("day"), self._picked_start())
        if not self.errors and not any(self._time(choice) for choice in CHOICES):
            self.add_error("day", _("Choose a day"))
        return self.cleaned_data

    def _picked_start(self) -> Start | None:
        part, at = self.cleaned_data.get("part"), self.cleaned_data.get("at")
        return Start(part=part) if part else Start(at=at) if at else None

    def _add_picked(self, day: datetime.date | None, start: Start | None) -> None:
        if {"day", "part", "at"} & set(self.errors):
            return
        if start and not day:
            self.add_error("day", _("Choose a day"))
        elif day and not start:
            self.add_error("part", _("Choose a time of day"))
        elif day and start:
            self._add(start.on(day, earliest=self.bcu.earliest))

    def _add_regular(self, code: str) -> None:
        if code not in dict(self.regular_walks):
            self.add_error("day", _("That regular walk isn’t on any more. Choose a day"))
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
            self.add_error("day", _("Choose another day or time: you have this one already"))
        if problem := self._date_problem(_("This day"), time.date):
            self.add_error("day", problem)
        if problem := time_problem(_("This time"), time, bcu=self.bcu):
            self.add_error("at" if not time.part else "part", problem)

    def _is_free(self, choice: str) -> bool:
        names = f"{choice}_date", f"{choice}_start"
        return not any(self.cleaned_data.get(name) for name in names) or any(name in self.errors for name in names)

    @property
    def stays(self) -> bool:
        """Whether the page comes again: to add another time, or because one was removed."""
        return bool(self.cleaned_data.get("another") or self.cleaned_data.get("remove"))


class TimesSoFar:
    """The times that she has chosen, each with a button that removes it."""

    def render(self, form: Any, context: Context) -> SafeString:
        if not form.times:
            return SafeString()
        rows = format_html_join("", "{}", ((self._row(choice, time),) for choice, time in form.times.items()))
        heading = _("Your times so far")
        return format_html('<h2 class="govuk-heading-m">{}</h2><dl class="times">{}</dl>', heading, rows)

    def _row(self, choice: str, time: RequestedTime) -> SafeString:
        words = f"{day_value(time.date)}, {time.start_in_words}"
        button = format_html(
            '<button class="link-button" name="remove" value="{}">{}'
            '<span class="govuk-visually-hidden"> {}</span></button>',
            choice,
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
        buttons = format_html_join(
            "",
            '<li><button class="link-button" name="regular" value="{}">{}</button></li>',
            form.regular_walks,
        )
        return format_html(
            '<h2 class="govuk-heading-s">{}</h2><ul class="govuk-list regular">{}</ul>',
            _("Or ask to join one of our regular walks"),
            buttons,
        )


class Parts:
    """The parts of the day. Each is a button that answers the page."""

    def render(self, form: Any, context: Context) -> SafeString:
        error = error_message(form["part"])
        buttons = format_html_join("", "{}", ((button,) for button in self._buttons(form)))
        legend = {"text": form.fields["part"].label, "classes": "govuk-fieldset__legend--m"}
        html = format_html('{}<div class="parts">{}</div>', error, buttons)
        return form_component(form, "fieldset", legend=legend, html=html)

    def _buttons(self, form: PickTimesForm) -> Iterator[SafeString]:
        for n, part in enumerate(form.parts):
            begins, ends = max(part.begins, form.bcu.earliest), min(part.ends, form.bcu.latest)
            hours = _("%(start)s to %(end)s") % {"start": london.clock(begins), "end": london.clock(ends)}
            yield format_html(
                '<button class="parts__part" id="{}" name="part" value="{}" data-prevent-double-click="true" '
                'data-module="govuk-button"><strong>{}</strong> <span>{}</span></button>',
                "id_part" if n == 0 else f"id_part_{n}",
                part.value,
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
        return form_component(form, "details", summaryText=_("Type dates instead"), html=inner, open=is_open)


def _without_removed(data: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Empty the boxes of a time that she removes, and move the later times up."""
    if not isinstance(data, QueryDict) or data.get("remove") not in CHOICES:
        return data
    copy = data.copy()
    names = list(CHOICES)
    for n in range(names.index(str(copy["remove"])), len(names)):
        for ending in ("date_day", "date_month", "date_year", "start"):
            later = f"{names[n + 1]}_{ending}" if n + 1 < len(names) else ""
            copy[f"{names[n]}_{ending}"] = copy.get(later, "") if later else ""
    return copy
