"""The forms of the vetting gate: finding an officer, and the reason for a decision."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from audit.downloads.forms import LONGEST_REASON, one_line
from audit.search.forms import PersonSearchForm
from audit.search.people import MOST_PEOPLE, people_with_ids
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import LayoutObject, Question

EVERY_BCU = ("", "Every BCU")
NOTHING_ENTERED = "Enter a name, email address or shoulder number, or select a BCU"


class FindOfficerForm(PersonSearchForm):
    """Answered by an address with ids and the code of a BCU, because a name belongs in no address."""

    day = None  # type: ignore[assignment]  # a declared field is removed like this
    bcu = forms.ChoiceField(label="BCU", required=False)

    def __init__(
        self, data: Mapping[str, Any] | None, *, user: Officer, bcus: Sequence[BoroughCommandUnit], **kwargs: Any
    ) -> None:
        super().__init__(data, user=user, **kwargs)
        choices = [EVERY_BCU, *((bcu.code, bcu.name) for bcu in bcus)]
        self.fields["bcu"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if "person" not in self.errors and not (answers.get("person") or answers.get("bcu")):
            self.add_error("person", NOTHING_ENTERED)
        return answers

    @property
    def address(self) -> str:
        """The query string that shows who was found."""
        return _address(self.people, self.cleaned_data["bcu"])


class AskedForm(forms.Form):
    """The codes in the address. Ignore what makes no sense."""

    bcu = forms.ChoiceField(required=False)
    after = forms.IntegerField(required=False, min_value=1, max_value=2**31)

    def __init__(self, data: QueryDict, *, user: Officer, bcus: Sequence[BoroughCommandUnit]) -> None:
        super().__init__(data)
        self.fields["bcu"].choices = [(bcu.code, bcu.name) for bcu in bcus]  # type: ignore[attr-defined]
        self.is_valid()
        pks = [int(pk) for pk in data.getlist("person")[:MOST_PEOPLE] if pk.isascii() and pk.isdigit() and len(pk) < 10]
        self.people = people_with_ids(user, pks)
        self.bcu_code: str = self.cleaned_data.get("bcu", "")
        self.cursor: int | None = self.cleaned_data.get("after")

    @property
    def address(self) -> str:
        """The query string of this list, without its page."""
        return _address(self.people, self.bcu_code)

    def typed(self) -> dict[str, Any]:
        """Return what the search form shows."""
        return {"person": self.people[0].name if len(self.people) == 1 else "", "bcu": self.bcu_code}


class ReasonForm(PageForm):
    """The reason of a decision, which only auditors read."""

    reason = forms.CharField(
        help_text="One line, with the case number. Only auditors can read it.",
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_reason(self) -> str:
        return one_line(self.cleaned_data["reason"])

    def question(self) -> LayoutObject:
        return Question("reason")


class KeepOffForm(ReasonForm):
    button = "Keep them off walks"
    button_style = "warning"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "Why must they be kept off walks?"
        self.fields["reason"].error_messages["required"] = "Enter why they must be kept off walks"


class AllowForm(ReasonForm):
    button = "Allow them on walks again"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "Why may they be on walks again?"
        self.fields["reason"].error_messages["required"] = "Enter why they may be on walks again"


def _address(people: Sequence[Officer], bcu: str) -> str:
    pairs = [("person", str(person.pk)) for person in people]
    return urlencode(pairs + ([("bcu", bcu)] if bcu else []))
