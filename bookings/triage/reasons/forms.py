"""The answer to “Why do you need her details?”."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from bookings.statuses import ReadReason

ANSWERS = (ReadReason.COVER, ReadReason.IN_TOUCH, ReadReason.SAFETY, ReadReason.CHECK_WORK)


class ReasonForm(forms.Form):
    """One of four buttons, and the page that the inspector wanted to open."""

    why = forms.ChoiceField(choices=[(reason.value, reason.value) for reason in ANSWERS])
    page = forms.CharField(required=False, max_length=80)

    @property
    def reason(self) -> ReadReason:
        return ReadReason(self.cleaned_data["why"])

    def address(self, **row: Any) -> str | None:
        """Return the address of that page for this row, or None. It is one of ours, whatever was posted."""
        try:
            return reverse(self.cleaned_data["page"], kwargs=row)
        except NoReverseMatch:
            return None


def name_of_page(request: HttpRequest) -> str:
    """Return the name of the page at this address, or "" if only its button works or it needs more than its row."""
    match = request.resolver_match
    if match is None or set(match.kwargs) != {"pk"}:
        return ""
    view = getattr(match.func, "view_class", None)
    is_page = request.method != "POST" if view is None else "get" in view.http_method_names
    return match.view_name if is_page else ""
