"""The pages on which an administrator uploads a file of people, reads what it would change, and imports it."""

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe
from tablib import Dataset

from accounts.requests import OfficerRequest, takes_file
from accounts.sessions.confirmation import ask_to_confirm
from administration.files.actions import empty_file, export_people, import_people
from administration.files.forms import ExportForm, ImportForm, UploadForm
from administration.files.plan import FIELDS, Plan, PlannedPerson, make_plan
from administration.files.previews import forget_file, keep_file, kept_file
from administration.left_behind import LeftBehind
from administration.people.actions import IDENTITY
from administration.proposals.pages import to_proposal
from administration.proposals.values import Line, Reader
from bookings.decisions.flow import DecisionPage
from boroughs.models.officers import Officer
from walkandtalk.lib import london


@dataclass(frozen=True)
class PersonInWords:
    planned: PlannedPerson
    at_once: list[Line]
    proposed: list[Line]
    left: LeftBehind | None


@method_decorator(takes_file, name="dispatch")
class UploadPage(DecisionPage[None, UploadForm]):
    form_class = UploadForm
    template_name = "administration/files/upload.html"

    def find(self) -> None:
        if not self.request.user.is_staff:
            raise PermissionDenied

    def back(self) -> HttpResponseRedirect:
        return redirect("admin:boroughs_officer_changelist")

    def get_form(self, row: None) -> UploadForm:
        data = self.posted()
        return UploadForm(data, self.request.FILES if data is not None else None)

    def decide(self, row: None, form: UploadForm) -> HttpResponse:
        keep_file(self.request, form.cleaned_data["file"])
        return redirect("people_files:check")


@dataclass(frozen=True)
class Preview:
    dataset: Dataset
    plan: Plan
    left: dict[int, LeftBehind]


@method_decorator(ask_to_confirm, name="dispatch")
class CheckPage(DecisionPage[Preview | None, ImportForm]):
    """Show the difference that the uploaded file would make, line by line, and import it."""

    template_name = "administration/files/check.html"
    request: OfficerRequest

    def find(self) -> Preview | None:
        if not self.request.user.is_staff:
            raise PermissionDenied
        dataset = kept_file(self.request)
        if dataset is None:
            return None
        plan = make_plan(dataset)
        leaving = [each.person for each in plan.people if each.person is not None and _hands_on(each)]
        return Preview(dataset, plan, LeftBehind.of_each(leaving, timezone.now()))

    def turn_away(self, row: Preview | None) -> HttpResponse | None:
        if row is not None:
            return None
        messages.warning(self.request, "There is nothing to import. A file is kept for an hour: upload it again.")
        return self.back()

    def back(self) -> HttpResponseRedirect:
        return redirect("people_files:upload")

    def get_form(self, row: Preview | None) -> ImportForm:
        assert row is not None  # noqa: S101  # `turn_away` has led elsewhere
        movers = [each.person for each in row.plan.people if each.person is not None and each.moves_at_once]
        return ImportForm(
            self.posted(),
            people=len(row.plan.people),
            on_walk=any(row.left[person.pk].walks_going_on for person in movers),
            may_be_on_walk=any(person.leads_walks for person in movers),
            initial={"seen": row.plan.digest},
        )

    def refused(self, row: Preview | None, form: ImportForm, error: Any) -> HttpResponse:
        """Show the plan as it is now: the next press answers that one."""
        now = self.find()
        if elsewhere := self.turn_away(now):
            return elsewhere
        assert now is not None  # noqa: S101  # `turn_away` has led elsewhere
        form.data = {**dict(form.data.items()), "seen": now.plan.digest}
        form.add_error(None, str(error))
        return self.show(now, form, status=409)

    def decide(self, row: Preview | None, form: ImportForm) -> HttpResponse:
        assert row is not None  # noqa: S101  # `turn_away` has led elsewhere
        answers = form.cleaned_data
        done = import_people(row.dataset, by=self.request.user, seen=answers["seen"], reason=answers["reason"])
        forget_file(self.request)
        if done.added.officers:
            messages.success(self.request, f"{_count(done.added.officers)} added. Their invitations are on their way.")
        if done.changed:
            messages.success(self.request, f"{done.changed} changed.")
        if done.added.proposal is not None:
            return to_proposal(self.request, done.added.proposal)
        return redirect("admin:boroughs_officer_changelist")

    def context(self, row: Preview | None, form: ImportForm) -> dict[str, Any]:
        assert row is not None  # noqa: S101  # `turn_away` has led elsewhere
        reader = Reader()
        people = [_in_words(each, reader, row.left) for each in row.plan.people]
        return {
            "plan": row.plan,
            "new": [each for each in people if each.planned.is_new],
            "changed": [each for each in people if not each.planned.is_new],
        }


@require_safe
def download_empty_file(request: OfficerRequest) -> HttpResponse:
    """Send a file with the names of the columns and nothing below them."""
    if not request.user.is_staff:
        raise PermissionDenied
    return _csv(empty_file(FIELDS), name="people.csv")


@method_decorator(ask_to_confirm, name="dispatch")
class ExportPage(DecisionPage[QuerySet[Officer], ExportForm]):
    """Ask why, then send the people whom the admin's list shows, by the same words and filters in the address."""

    form_class = ExportForm
    template_name = "administration/files/export.html"
    request: OfficerRequest

    def find(self) -> QuerySet[Officer]:
        if not self.request.user.is_staff:
            raise PermissionDenied
        everyone: QuerySet[Officer] = Officer.objects.in_administration_for(self.request.user)
        try:
            listed = admin.site.get_model_admin(Officer).get_changelist_instance(self.request)
        except IncorrectLookupParameters:
            return everyone.none()
        return cast("QuerySet[Officer]", listed.get_queryset(self.request))

    def back(self) -> HttpResponseRedirect:
        return redirect("admin:boroughs_officer_changelist")

    def decide(self, row: QuerySet[Officer], form: ExportForm) -> HttpResponse:
        text = export_people(row, by=self.request.user, reason=form.cleaned_data["reason"])
        return _csv(text, name=f"people-{london.today():%Y-%m-%d}.csv")

    def context(self, row: QuerySet[Officer], form: ExportForm) -> dict[str, Any]:
        return {"count": row.count(), "asked": self.request.GET.urlencode()}


def _csv(text: str, *, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def _hands_on(planned: PlannedPerson) -> bool:
    return bool({"bcu", "role", "leads_walks"} & set(planned.after))


def _in_words(planned: PlannedPerson, reader: Reader, left: dict[int, LeftBehind]) -> PersonInWords:
    lines = {waits: _lines(planned, reader, waits=waits) for waits in (False, True)}
    pk = planned.person.pk if planned.person is not None else 0
    return PersonInWords(planned, lines[False], lines[True], left.get(pk))


def _lines(planned: PlannedPerson, reader: Reader, *, waits: bool) -> list[Line]:
    after = {name: value for name, value in planned.after.items() if (name in planned.needs_two) == waits}
    if planned.is_new:  # the column before has their rank, name and shoulder number
        after = {
            name: value for name, value in after.items() if name not in IDENTITY and value not in (False, "", None)
        }
    return reader.lines(planned.before, after)


def _count(people: list[Officer]) -> str:
    return "1 officer" if len(people) == 1 else f"{len(people)} officers"
