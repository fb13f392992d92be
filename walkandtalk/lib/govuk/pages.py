"""Rendering pages with forms and summaries."""

from collections.abc import Iterable
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from .adapters import error_target
from .macros import Text

BREAK = mark_safe("<br>")


def render_form(
    request: HttpRequest, template_name: str, form: BaseForm, *, status: int | None = None, **context: Any
) -> HttpResponse:
    """Render a form page. Errors add a summary, "Error: " in the title and, unless `status` is set, a 422."""
    summary = error_summary(form)
    return render(
        request,
        template_name,
        {**context, "form": form, "error_summary": summary},
        status=status or (422 if summary else 200),
    )


def error_summary(form: BaseForm) -> list[dict[str, str]]:
    """Return one line per field, in the form's order, each linked to its input. Errors of no field have no link."""
    if not form.is_bound:
        return []
    of_the_form = [{"text": str(text)} for text in form.non_field_errors()]
    of_fields = [
        {"text": str(form.errors[name][0]), "href": f"#{error_target(form[name])}"}
        for name in form.fields
        if name in form.errors
    ]
    return of_the_form + of_fields


def summary_row(
    label: Text, value: Text | Iterable[Text], *, change: str | None = None, change_what: Text | None = None
) -> dict[str, Any]:
    """Return a row for `{% govuk "summaryList" rows=rows %}`. Several values take a line each."""
    lines = [value] if isinstance(value, str | Promise) else list(value)
    row: dict[str, Any] = {
        "key": {"text": label},
        "value": {"html": format_html_join(BREAK, "{}", ((line,) for line in lines))},
    }
    if change:
        what = change_what or str(label)[:1].lower() + str(label)[1:]
        row["actions"] = {"items": [{"href": change, "text": _("Change"), "visuallyHiddenText": what}]}
    return row
