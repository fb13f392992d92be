"""The flow of every decision: find the row, ask, act, and say what happened.

A page names its form, its template and its action. How a row is found, and which page it leads back to, is said once
for each kind of row.
"""

from abc import ABC, abstractmethod
from typing import Any, Generic, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.views import View

from accounts.requests import posted_data
from bookings.decisions.forms import VersionForm
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.pages import render_form

Row = TypeVar("Row")
Form = TypeVar("Form", bound=PageForm)


class Decision(View, ABC, Generic[Row]):
    """Something that a person does to one row."""

    @abstractmethod
    def find(self) -> Row:
        """Return the row. Raises Http404 where this person may not see it, PermissionDenied where she may not act."""

    @abstractmethod
    def back(self) -> HttpResponseRedirect:
        """Redirect to the page that the decision was opened from."""


class DecisionButton(Decision[Row]):
    """A button that asks nothing."""

    http_method_names = ["post"]

    @abstractmethod
    def press(self, row: Row) -> HttpResponse:
        """Call the action, and answer."""

    @abstractmethod
    def refused(self, error: ActionError) -> HttpResponse:
        """Show the page of the button as it is now, with the reason above it."""

    @property
    def shown_version(self) -> int:
        """The version of the row that the page showed."""
        return VersionForm.read(self.request.POST)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.find()
        try:
            return self.press(row)
        except ActionError as error:
            return self.refused(error)


class DecisionPage(Decision[Row], Generic[Row, Form]):
    """A form, and what is done with its answers."""

    http_method_names = ["get", "post"]
    form_class: type[Form]
    template_name: str

    @abstractmethod
    def decide(self, row: Row, form: Form) -> HttpResponse:
        """Call the action with what a valid form says, and answer."""

    def is_closed(self, row: Row) -> bool:
        """Return whether there is nothing to decide here."""
        return False

    def turn_away(self, row: Row) -> HttpResponse | None:
        """Lead back from a closed page. A late press goes on to the action, which says what has happened since."""
        return self.back() if self.request.method == "GET" and self.is_closed(row) else None

    def get_form(self, row: Row) -> Form:
        """Return the form, bound if something was posted. A page whose form takes more says so here."""
        return self.form_class(self.posted(), initial=self.initial(row))

    def posted(self) -> QueryDict | None:
        return posted_data(self.request)

    def initial(self, row: Row) -> dict[str, Any]:
        return {}

    def context(self, row: Row, form: Form) -> dict[str, Any]:
        return {}

    def log_read(self, row: Row, form: Form) -> None:
        """Log what this page shows of a person, where `find` has not."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.find()
        if elsewhere := self.turn_away(row):
            return elsewhere
        form = self.get_form(row)
        self.log_read(row, form)
        return self.show(row, form)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.find()
        return self.turn_away(row) or self.answer(row, self.get_form(row))

    def answer(self, row: Row, form: Form) -> HttpResponse:
        if not form.is_valid():
            return self.show(row, form)
        try:
            return self.decide(row, form)
        except ActionError as error:
            return self.refused(form, error)

    def refused(self, form: Form, error: ActionError) -> HttpResponse:
        """Show the reason above all that was typed, and the row as it is now."""
        row = self.find()
        form.add_error(None, str(error))
        return self.show(row, form, status=409)

    def show(self, row: Row, form: Form, *, status: int | None = None) -> HttpResponse:
        return render_form(self.request, self.template_name, form, status=status, **self.context(row, form))
