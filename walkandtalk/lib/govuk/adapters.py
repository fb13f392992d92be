"""Converts Django form fields to the parameters of GOV.UK components."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from .macros import Text, cached_component, component
from .widgets import PARTS, DatePartsInput

# Attributes of Django that we leave out: `required` shows browser messages, `maxlength` silently cuts pasted text.
NOT_PRINTED = {"maxlength", "minlength", "min", "max", "step", "required", "cols", "rows", "id"}
TAKEN_BY_NAME = {"autocomplete", "inputmode", "autocapitalize"}
FEW = 3  # answers that fit side by side
AUTOCOMPLETE = {"email": "email", "tel": "tel"}


@dataclass(frozen=True)
class Wording:
    label: Text
    hint: Text = ""
    size: str | None = None
    is_heading: bool = False

    def text(self, component_name: str) -> dict[str, Any]:
        classes = f"govuk-{component_name}--{self.size}" if self.size else None
        return {"text": self.label, "classes": classes, "isPageHeading": self.is_heading}


@dataclass(frozen=True)
class Presentation:
    rows: int | None = None
    inline: bool = False
    small: bool = False
    width: str | None = None
    prefix: Text | None = None
    suffix: Text | None = None
    hints: Mapping[str, Text] = field(default_factory=dict)
    dividers: Mapping[str, Text] = field(default_factory=dict)
    without: tuple[str, ...] = ()


def field_html(
    bound: forms.BoundField,
    wording: Wording,
    presentation: Presentation,
    revealed: Mapping[str, SafeString] | None = None,
) -> SafeString:
    widget = bound.field.widget
    if isinstance(widget, DatePartsInput):
        return _date(bound, wording)
    if isinstance(widget, forms.CheckboxInput):
        return _tick_box(bound, wording, presentation, revealed or {})
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return _choices("checkboxes", bound, wording, presentation, revealed or {})
    if isinstance(widget, forms.RadioSelect):
        return _choices("radios", bound, wording, presentation, revealed or {})
    if isinstance(widget, forms.Select):
        return _select(bound, wording, presentation)
    if isinstance(widget, forms.Textarea):
        return _textarea(bound, wording, presentation)
    if isinstance(widget, forms.PasswordInput):
        return _password(bound, wording, presentation)
    if isinstance(widget, forms.FileInput):
        return _file(bound, wording)
    return _input(bound, wording, presentation)


def error_message(bound: forms.BoundField) -> SafeString:
    """Return the error of a field whose input is not a component, or ""."""
    error = _error(bound)
    return component("error-message", **error) if error else SafeString()


def answer_buttons(bound: forms.BoundField, wording: Wording, *, warning: str) -> SafeString:
    """Return a fieldset with one button for each answer. The first has the id that an error links to."""
    hint = form_component(bound.form, "hint", text=wording.hint) if wording.hint else ""
    buttons = mark_safe(  # noqa: S308
        "".join(
            form_component(
                bound.form,
                "button",
                text=text,
                id=bound.auto_id if n == 0 else f"{bound.auto_id}_{n}",
                name=bound.html_name,
                value=value,
                classes="govuk-button--warning" if value == warning else "govuk-button--secondary",
                preventDoubleClick=True,
            )
            for n, (value, text) in enumerate(_options(bound))
        )
    )
    classes = "answers" if len(_options(bound)) <= FEW else "answers answers--list"
    answer = _answer_so_far(bound)
    inner = format_html('{}{}{}<div class="{}">{}</div>', hint, error_message(bound), answer, classes, buttons)
    fieldset = form_component(bound.form, "fieldset", legend=wording.text("fieldset__legend"), html=inner)
    error_class = " govuk-form-group--error" if bound.errors else ""
    return format_html('<div class="govuk-form-group{}">{}</div>', error_class, fieldset)


def _answer_so_far(bound: forms.BoundField) -> SafeString:
    """Return the earlier answer in words, because a button can't show that it was chosen."""
    answer = dict(_options(bound)).get(str(bound.value() or ""))
    if not answer or bound.form.is_bound:
        return SafeString()
    return format_html('<p class="govuk-body">{} <strong>{}</strong></p>', _("Your answer so far:"), answer)


def form_component(form: forms.BaseForm, name: str, /, **params: Any) -> SafeString:
    """Render a component of this form, from the cache if the form is cacheable and has no answers yet."""
    is_blank = getattr(form, "is_cacheable", False) and not form.is_bound and not form.initial
    return (cached_component if is_blank else component)(name, **params)


def is_checkbox(bound: forms.BoundField) -> bool:
    return isinstance(bound.field.widget, forms.CheckboxInput | forms.CheckboxSelectMultiple)


def error_target(bound: forms.BoundField) -> str:
    """Return the id of the input that an error of this field links to."""
    if isinstance(bound.field.widget, DatePartsInput):
        wrong_parts = _wrong_parts(bound)
        return f"{bound.auto_id}_{next(part for part in PARTS if part in wrong_parts)}"
    return bound.auto_id


def _common(bound: forms.BoundField, wording: Wording) -> dict[str, Any]:
    return {
        "id": bound.auto_id,
        "name": bound.html_name,
        "label": wording.text("label"),
        "hint": _text(wording.hint),
        "errorMessage": _error(bound),
    }


def _text(text: Text | None) -> dict[str, str] | None:
    return {"text": str(text)} if text else None


def _text_or_html(hint: Text | None) -> dict[str, str] | None:
    """Keep HTML that was made on purpose, such as a picture beside a choice."""
    return {"html": hint} if isinstance(hint, SafeString) else _text(hint)


def _error(bound: forms.BoundField) -> dict[str, str] | None:
    """Return the first error only, so that a person corrects one thing at a time. The summary has the same words."""
    if not bound.errors:
        return None
    return {"text": str(bound.errors[0]), "visuallyHiddenText": _("Error")}


def _widget_attributes(widget: forms.Widget) -> dict[str, Any]:
    named = {name: value for name, value in widget.attrs.items() if name in TAKEN_BY_NAME}
    attributes = {
        name: value
        for name, value in widget.attrs.items()
        if name not in NOT_PRINTED | TAKEN_BY_NAME | {"class"} and value not in (None, False)
    }
    attributes = {name: name if value is True else value for name, value in attributes.items()}  # autofocus="autofocus"
    return {**named, "attributes": attributes}


def _input(bound: forms.BoundField, wording: Wording, presentation: Presentation) -> SafeString:
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "text")
    extra = {"autocomplete": AUTOCOMPLETE.get(kind), **_widget_attributes(widget)}
    if kind == "number":  # A number box changes its value when a mouse wheel turns, and hides text that it can't read.
        kind = "text"
        extra["inputmode"] = "decimal" if isinstance(bound.field, forms.FloatField | forms.DecimalField) else "numeric"
    return form_component(
        bound.form,
        "input",
        **_common(bound, wording),
        **extra,
        type=kind,
        spellcheck=False if kind in ("email", "tel", "url") else None,
        value=widget.format_value(bound.value()),
        classes=_width_class(presentation),
        prefix=_text(presentation.prefix),
        suffix=_text(presentation.suffix),
    )


def _password(bound: forms.BoundField, wording: Wording, presentation: Presentation) -> SafeString:
    """Return the box empty, unless its widget says that what was typed comes back with the errors of the page."""
    keeps_value = getattr(bound.field.widget, "render_value", False)
    return form_component(
        bound.form,
        "password-input",
        value=bound.value() if keeps_value else None,
        **_common(bound, wording),
        **_widget_attributes(bound.field.widget),
        classes=_width_class(presentation),
    )


def _file(bound: forms.BoundField, wording: Wording) -> SafeString:
    return form_component(
        bound.form, "file-upload", **_common(bound, wording), **_widget_attributes(bound.field.widget)
    )


def _width_class(presentation: Presentation) -> str | None:
    width = presentation.width
    return f"govuk-input--width-{width}" if width and width.isdecimal() else width


def _textarea(bound: forms.BoundField, wording: Wording, presentation: Presentation) -> SafeString:
    value = escape(str(bound.value() or "").replace("\r\n", "\n"))
    # The macros indent their contents; a newline written as a reference keeps the text as it was typed.
    value = mark_safe(value.replace("\n", "&#10;"))  # noqa: S308
    return form_component(
        bound.form,
        "textarea",
        **_common(bound, wording),
        **_widget_attributes(bound.field.widget),
        rows=presentation.rows,
        value=value,
    )


def _select(bound: forms.BoundField, wording: Wording, presentation: Presentation) -> SafeString:
    selected = str(bound.value() if bound.value() is not None else "")
    items = [{"value": v, "text": t, "selected": v == selected} for v, t in _options(bound)]
    return form_component(
        bound.form, "select", **_common(bound, wording), items=items, **_widget_attributes(bound.field.widget)
    )


def _choices(
    name: str, bound: forms.BoundField, wording: Wording, presentation: Presentation, revealed: Mapping[str, SafeString]
) -> SafeString:
    value = bound.value()
    selected = {str(v) for v in (value if isinstance(value, list | tuple | set) else [value]) if v is not None}
    items: list[dict[str, Any]] = []
    for option, text in _options(bound):
        if not option or option in presentation.without:
            continue
        if option in presentation.dividers:
            items.append({"divider": presentation.dividers[option]})
        items.append(_item(option, text, option in selected, presentation, revealed))
    return form_component(
        bound.form,
        name,
        idPrefix=bound.auto_id,
        name=bound.html_name,
        fieldset={"legend": wording.text("fieldset__legend")},
        hint=_text(wording.hint),
        errorMessage=_error(bound),
        items=items,
        classes=_choice_classes(name, presentation),
    )


def _tick_box(
    bound: forms.BoundField, wording: Wording, presentation: Presentation, revealed: Mapping[str, SafeString]
) -> SafeString:
    item = _item("on", wording.label, bool(bound.value()), presentation, revealed)
    return form_component(
        bound.form,
        "checkboxes",
        idPrefix=bound.auto_id,
        name=bound.html_name,
        hint=None,
        errorMessage=_error(bound),
        items=[{**item, "hint": _text(wording.hint)}],
        classes=_choice_classes("checkboxes", presentation),
    )


def _item(
    value: str, text: Text, checked: bool, presentation: Presentation, revealed: Mapping[str, SafeString]
) -> dict[str, Any]:
    return {
        "value": value,
        "text": text,
        "checked": checked,
        "hint": _text_or_html(presentation.hints.get(value)),
        "conditional": {"html": revealed[value]} if value in revealed else None,
    }


def _choice_classes(name: str, presentation: Presentation) -> str:
    return " ".join(f"govuk-{name}--{kind}" for kind in ("inline", "small") if getattr(presentation, kind))


def _options(bound: forms.BoundField) -> list[tuple[str, str]]:
    choices = getattr(bound.field, "choices", ())
    return [("" if value is None else str(value), str(text)) for value, text in choices]


def _date(bound: forms.BoundField, wording: Wording) -> SafeString:
    values = DatePartsInput.parts_of(bound.value())
    wrong_parts = _wrong_parts(bound) if bound.errors else ()
    labels = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
    items = [
        {
            "id": f"{bound.auto_id}_{part}",
            "name": f"{bound.html_name}_{part}",
            "label": labels[part],
            "value": values[part],
            # A month may be typed as a word, so its keyboard has letters.
            "inputmode": "text" if part == "month" else "numeric",
            "classes": " ".join(
                [f"govuk-input--width-{4 if part == 'year' else 3 if part == 'month' else 2}"]
                + ["govuk-input--error"] * (part in wrong_parts)
            ),
        }
        for part in PARTS
    ]
    return form_component(
        bound.form,
        "date-input",
        id=bound.auto_id,
        fieldset={"legend": wording.text("fieldset__legend")},
        hint=_text(wording.hint),
        errorMessage=_error(bound),
        items=items,
    )


def _wrong_parts(bound: forms.BoundField) -> tuple[str, ...]:
    errors: list[ValidationError] = bound.errors.as_data()
    return (errors[0].params or {}).get("parts", PARTS) if errors else PARTS
