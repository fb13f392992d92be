"""The flow of every decision: find the row, ask, act, and show the result.

A page names its form, its template and its action. The way to find a row, and the page to return to, are defined once
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
    """A decision of one person about one row."""

    @abstractmethod
    def find(self) -> Row:
        """Return the row. Raise Http404 if this person may not see it, or PermissionDenied if she may not act on it."""

    @abstractmethod
    def back(self) -> HttpResponseRedirect:
        """Redirect to the page from which the decision was opened."""


class DecisionButton(Decision[Row]):
    """A button without a form."""

    http_method_names = ["post"]

    @abstractmethod
    def press(self, row: Row) -> HttpResponse:
        """Call the action and return the response."""

    @abstractmethod
    def refused(self, error: ActionError) -> HttpResponse:
        """Show the button's page as it is now, below the reason why the action was refused."""

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
    """A page with a form, whose answers go to an action."""

    http_method_names = ["get", "post"]
    form_class: type[Form]
    template_name: str

    @abstractmethod
    def decide(self, row: Row, form: Form) -> HttpResponse:
        """Call the action with the answers of a valid form, and return the response."""

    def is_closed(self, row: Row) -> bool:
        """Return whether there is nothing left to decide here."""
        return False

    def turn_away(self, row: Row) -> HttpResponse | None:
        """Redirect from a closed page, unless there is something typed to show on it.

        A late POST still reaches the action, which says what has happened since.

        A late POST whose form is invalid has nothing for the action, so it is turned away as well.
        """
        return self.back() if self.posted() is None and self.is_closed(row) else None

    def get_form(self, row: Row) -> Form:
        """Return the form, bound if data was posted. A page overrides this if its form takes more arguments."""
        return self.form_class(self.posted(), initial=self.initial(row))

    def posted(self) -> QueryDict | None:
        return posted_data(self.request)

    def initial(self, row: Row) -> dict[str, Any]:
        return {}

    def context(self, row: Row, form: Form) -> dict[str, Any]:
        return {}

    def opens(self, row: Row, form: Form) -> None:
        """Say for the read log what this page is about, and why it is opened, unless `find` has already done so."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.find()
        if elsewhere := self.turn_away(row):
            return elsewhere
        form = self.get_form(row)
        form.is_valid()  # a form that was sent after the session had ended is shown with its mistakes
        return self.show(row, form)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.find()
        return self.turn_away(row) or self.answer(row, self.get_form(row))

    def answer(self, row: Row, form: Form) -> HttpResponse:
        if not form.is_valid():
            return self.turned_away_late() if self.is_closed(row) else self.show(row, form)
        try:
            return self.decided(self.decide(row, form))
        except ActionError as error:
            return self.refused(row, form, error)

    def decided(self, response: HttpResponse) -> HttpResponse:
        """Return the response to a decision that was made: as `decide` says, or another page to go on with."""
        return response

    def turned_away_late(self) -> HttpResponse:
        """Return the response to an invalid form that was sent to a page that is closed now."""
        return self.back()

    def refused(self, row: Row, form: Form, error: ActionError) -> HttpResponse:
        """Show the reason above the form, which keeps all answers, with the row as it is now."""
        form.add_error(self.field_of(error), str(error))
        return self.show(self.find_again(row, error), form, status=409)

    def find_again(self, row: Row, error: ActionError) -> Row:
        """Return the row as it is after this refusal."""
        return self.find()

    def field_of(self, error: ActionError) -> str | None:
        """Return the field beside which a refusal is shown, or None for above the form."""
        return None

    def show(self, row: Row, form: Form, *, status: int | None = None) -> HttpResponse:
        self.opens(row, form)
        return render_form(self.request, self.template_name, form, status=status, **self.context(row, form))
