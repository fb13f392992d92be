"""Layout of the questions of a form on its page."""

from collections.abc import Iterator, Mapping
from typing import Literal, Protocol

from django import forms
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from . import adapters
from .macros import Text

__all__ = [
    "AnswerButton",
    "AnswerButtons",
    "DefaultButton",
    "Fold",
    "Group",
    "HoneypotQuestion",
    "Layout",
    "LayoutObject",
    "Question",
    "Reveal",
    "get_heading",
    "without_headings",
]

Size = Literal["s", "m", "l", "xl"]


class LayoutObject(Protocol):
    def render(self, form: forms.BaseForm, context: Context) -> SafeString: ...


class Layout:
    """Questions, one after the other."""

    def __init__(self, *questions: LayoutObject) -> None:
        self.questions = list(questions)

    def render(self, form: forms.BaseForm, context: Context) -> SafeString:
        return mark_safe("".join(question.render(form, context) for question in self.questions))  # noqa: S308


class Question:
    """A field. With `heading` its label becomes the h1 of the page."""

    def __init__(
        self,
        field: str,
        *,
        heading: bool = False,
        size: Size | None = None,
        label: Text | None = None,
        hint: Text | None = None,
        optional: bool | None = None,
        rows: int | None = None,
        inline: bool = False,
        small: bool = False,
        width: str | None = None,
        prefix: Text | None = None,
        suffix: Text | None = None,
        hints: Mapping[str, Text] | None = None,
        dividers: Mapping[str, Text] | None = None,
        reveal: Mapping[str, LayoutObject] | None = None,
        without: tuple[str, ...] = (),
    ) -> None:
        """`hints`, `dividers` and `reveal` have choice values as keys. A divider comes before its choice.

        `without` names the choices that have a button of their own.
        """
        self.field = field
        self.heading = heading
        self.size = size
        self.label = label
        self.hint = hint
        self.optional = optional
        self.reveal = reveal or {}
        self.presentation = adapters.Presentation(
            rows=rows,
            inline=inline,
            small=small,
            width=width,
            prefix=prefix,
            suffix=suffix,
            hints=hints or {},
            dividers=dividers or {},
            without=without,
        )

    def render(self, form: forms.BaseForm, context: Context) -> SafeString:
        bound = form[self.field]
        if bound.is_hidden:  # it comes after all questions
            return SafeString()
        inside: str = context.get("question_is_inside") or ""
        wording = adapters.Wording(
            label=self._label(bound, inside),
            hint=bound.help_text if self.hint is None else self.hint,
            size=self.size or ("l" if self.heading else None if inside else "m"),
            is_heading=self.heading,
        )
        with context.push(question_is_inside="reveal"):
            revealed = {value: item.render(form, context) for value, item in self.reveal.items()}
        return adapters.field_html(bound, wording, self.presentation, revealed)

    def _label(self, bound: forms.BoundField, inside: str) -> str:
        label = str(bound.label if self.label is None else self.label)
        optional = self.optional
        if optional is None:  # A field that an answer reveals is rarely optional once it is visible.
            optional = not bound.field.required and inside != "reveal" and not adapters.is_checkbox(bound)
        return _("%(label)s (optional)") % {"label": label} if optional else label


class AnswerButtons(Question):
    """A choice whose answers are buttons: pressing one answers the page."""

    def __init__(self, field: str, *, heading: bool = True, warning: str = "") -> None:
        """`warning` is the value of the answer with a red button."""
        super().__init__(field, heading=heading)
        self.warning = warning

    def render(self, form: forms.BaseForm, context: Context) -> SafeString:
        bound, size = form[self.field], "l" if self.heading else "m"
        wording = adapters.Wording(str(bound.label), bound.help_text, size, is_heading=self.heading)
        return adapters.answer_buttons(bound, wording, warning=self.warning)


class AnswerButton:
    """One answer of a field as a button, beside the form's own."""

    def __init__(self, field: str, value: str, text: Text, *, style: str = "secondary") -> None:
        self.field = field
        self.value = value
        self.text = text
        self.style = style

    def render(self, form: forms.BaseForm, context: Context) -> SafeString:
        return adapters.form_component(
            form,
            "button",
            text=self.text,
            name=form[self.field].html_name,
            value=self.value,
            classes=f"govuk-button--{self.style}" if self.style else "",
            preventDoubleClick=True,
        )


class DefaultButton:
    """The button that Enter presses in a box, unseen. It must come first, or Enter would press another answer."""

    def render(self, form: forms.BaseForm, context: Context) -> SafeString:
        return mark_safe('<button class="govuk-visually-hidden" tabindex="-1" aria-hidden="true"></button>')


class Reveal:
    """A question that the style sheet shows once an answer calls for it. Old browsers always show it."""

    def __init__(self, name: str, question: LayoutObject) -> None:
        self.name = name
        self.questions = [question]

    def render(self, form: forms.BaseForm, context: Context) -> SafeString:
        return format_html('<div class="{}">{}</div>', self.name, self.questions[0].render(form, context))


class Fold:
    """Questions that few people need, folded under a summary. Open if one of them has an answer or an error."""

    def __init__(
        self, summary: Text, *questions: LayoutObject, fields: tuple[str, ...], opens_with_answers: bool = True
    ) -> None:
        """Without `opens_with_answers` it opens for errors only: the summary says what the answers are."""
        self.summary = summary
        self.questions = questions
        self.fields = fields
        self.opens_with_answers = opens_with_answers

    def render(self, form: forms.BaseForm, context: Context) -> SafeString:
        is_open = any(form[name].errors or (self.opens_with_answers and form[name].value()) for name in self.fields)
        with context.push(question_is_inside="group"):
            inner = "".join(question.render(form, context) for question in self.questions)
        return adapters.form_component(form, "details", summaryText=self.summary, html=mark_safe(inner), open=is_open)  # noqa: S308


class Group:
    """A group of questions under one legend."""

    def __init__(
        self,
        legend: Text,
        *questions: LayoutObject,
        heading: bool = False,
        size: Size | None = None,
        hint: Text | None = None,
    ) -> None:
        self.legend = legend
        self.questions = questions
        self.heading = heading
        self.size = size or ("l" if heading else "m")
        self.hint = hint

    def render(self, form: forms.BaseForm, context: Context) -> SafeString:
        hint = adapters.form_component(form, "hint", text=self.hint) if self.hint else ""
        with context.push(question_is_inside="group"):
            inner = "".join(question.render(form, context) for question in self.questions)
        return adapters.form_component(
            form,
            "fieldset",
            classes="group",
            legend={
                "text": self.legend,
                "classes": f"govuk-fieldset__legend--{self.size}",
                "isPageHeading": self.heading,
            },
            html=mark_safe(hint + inner),  # noqa: S308
        )


class HoneypotQuestion:
    """A question that only robots answer: nobody can see it, hear it or reach it with the Tab key."""

    def __init__(self, question: Question) -> None:
        self.question = question

    def render(self, form: forms.BaseForm, context: Context) -> SafeString:
        return format_html(
            '<div class="govuk-visually-hidden" aria-hidden="true">{}</div>', self.question.render(form, context)
        )


def get_heading(layout: object, form: forms.BaseForm) -> str:
    """Return the text of the h1 that a question provides, or ""."""
    for item in _walk(layout):
        if isinstance(item, Question) and item.heading:
            return str(form[item.field].label if item.label is None else item.label)
        if isinstance(item, Group) and item.heading:
            return str(item.legend)
    return ""


def without_headings(layout: object) -> None:
    """Remove the headings, for a page with several questions, where none of them is the h1."""
    for item in _walk(layout):
        if isinstance(item, Question | Group) and item.heading:
            item.heading, item.size = False, "m"


def _walk(layout: object) -> Iterator[object]:
    yield layout
    for item in getattr(layout, "questions", ()):
        yield from _walk(item)
