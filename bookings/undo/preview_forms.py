"""A form that can show its messages before they are sent."""

from django import forms
from django.template import Context
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from bookings.decisions.forms import DecisionForm
from bookings.undo.previews import Preview
from walkandtalk.lib.govuk.layout import Layout

PREVIEW = "preview"


class PreviewPanel:
    """The button “Preview the message” below the questions, and the message once it was pressed. It saves nothing."""

    def render(self, form: forms.BaseForm, context: Context) -> SafeString:
        preview = form.preview if isinstance(form, PreviewedForm) else None
        return render_to_string("bookings/decisions/preview.html", {"name": PREVIEW, "preview": preview})


class PreviewedForm(DecisionForm):
    """A decision of which the requester gets a message."""

    preview: Preview | None = None

    @property
    def asks_for_preview(self) -> bool:
        return PREVIEW in self.data

    @cached_property
    def layout(self) -> Layout:
        return Layout(self.question(), PreviewPanel())
