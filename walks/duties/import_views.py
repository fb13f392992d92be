"""The page that imports duties: it previews the pasted lines, and a second press saves them."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.requests import OfficerRequest, posted_data
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.govuk.pages import render_form
from walks.duties import actions
from walks.duties.collisions import collisions_with_days
from walks.duties.entries import DutyEntry
from walks.duties.import_forms import DutyImportForm, ImportLine
from walks.permissions import is_inspector
from walks.planning.availability import DutyOnDay, TeamAvailability

SAVE = "save"


@dataclass(frozen=True)
class Change:
    """The effect of one line: the duty before and after it."""

    entry: DutyEntry
    before: DutyOnDay
    walks: list[str]
    """The times of her walks that day."""

    @property
    def after(self) -> str:
        if self.entry.kind is None:
            return "Weekly pattern"
        return DutyOnDay(self.entry.date, self.entry.kind, self.entry.times).description

    @property
    def changes_duty(self) -> bool:
        if self.entry.kind is None:
            return self.before.is_exception
        new_duty = (self.entry.kind, self.entry.times)
        return not self.before.is_exception or (self.before.kind, self.before.times) != new_duty


@require_http_methods(["GET", "POST"])
def import_duties(request: OfficerRequest) -> HttpResponse:
    if not is_inspector(request.user):
        raise PermissionDenied
    form = DutyImportForm(posted_data(request))
    lines = form.lines(Officer.objects.visible_to(request.user)) if form.is_valid() else []
    changes = _changes(request, lines)
    invalid_lines = [line for line in lines if line.error]
    entries = [change.entry for change in changes]
    collisions = collisions_with_days(entries, timezone.now())
    if SAVE in request.POST and changes and not invalid_lines and form.has_listed(collisions):
        actions.set_duty_days(entries, by=request.user)
        messages.success(request, f"{len(changes)} day{'' if len(changes) == 1 else 's'} saved.")
        return redirect("walks:duties")
    context = {
        "changes": changes,
        "wrong": invalid_lines,
        "unchanged": len(lines) - len(invalid_lines) - len(changes),
        "collisions": collisions,
    }
    if changes and not invalid_lines:
        form.button_style = "secondary"  # the button that saves comes first
    status = 422 if invalid_lines else None
    return render_form(request, "walks/import_duties.html", form, status=status, lines=lines, **context)


def _changes(request: OfficerRequest, lines: list[ImportLine]) -> list[Change]:
    entries = [line.entry for line in lines if line.entry]
    if not entries:
        return []
    dates = [entry.date for entry in entries]
    availability = TeamAvailability.load({entry.officer for entry in entries}, min(dates), max(dates))
    changes = [_change(entry, availability) for entry in entries]
    return [change for change in changes if change.changes_duty]


def _change(entry: DutyEntry, availability: TeamAvailability) -> Change:
    walks = sorted(availability.walk_times_on(entry.officer.pk, entry.date))
    times = [f"{london.clock(start)} to {london.clock(end)}" for start, end in walks]
    return Change(entry, availability.of(entry.officer.pk, entry.date), times)
