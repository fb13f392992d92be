"""Pages on which inspectors list, find, take, screen and merge concerns."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import OfficerRequest, posted_data
from bookings.decisions.flow import DecisionButton
from bookings.decisions.pages import StaffDecision, VersionedForm, VersionedPage
from bookings.read_log import open_concern
from boroughs import taxonomy
from boroughs.models.officers import Officer
from feedback.concerns.actions import (
    accept_concern,
    close_concern_without_action,
    divert_concern,
    divert_concern_to_standards,
    hand_over_concern,
    start_screening,
    take_concern,
)
from feedback.concerns.forms import ConcernSearchForm, HandOverForm, ListForm, ScreenForm
from feedback.concerns.position import ListPosition, listed, read_list_form
from feedback.concerns.search import find_concerns
from feedback.models.concerns import PAGE_LENGTH, Concern, ConcernQuerySet, Correction, concerns_noted_by
from feedback.permissions import (
    can_answer,
    can_change_improvement,
    can_hand_over,
    can_own,
    can_read_concerns,
    can_read_noted_concerns,
    can_say_where,
    can_screen,
)
from feedback.statuses import ACTIVE_STATES, AWAITING_SCREENING
from walkandtalk.lib import london
from walkandtalk.lib.counting import Tab, badge, count_each
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form, summary_row
from walkandtalk.lib.paging import get_cursor_row


@dataclass(frozen=True)
class ConcernRow:
    """A row of the list. `due` says when its owner looks at it again."""

    concern: Concern
    owner: Officer | None
    is_mine: bool
    may_be_taken: bool
    due: str
    is_late: bool
    is_due_today: bool


@require_safe
def concerns(request: OfficerRequest) -> HttpResponse:
    if not can_read_concerns(request.user):
        raise PermissionDenied
    visible = Concern.objects.visible_to(request.user)
    form = read_list_form(request)
    after = get_cursor_row(visible, form.cleaned_data["after"])
    found = listed(visible, form, request.user).for_list_page(after=after, user=request.user)
    page = found[:PAGE_LENGTH]
    context = {
        "bcu": request.user.bcu,
        "form": form,
        "tabs": list(_tabs(visible, form, request.user)),
        "rows": concern_rows(page, request.user),
        "query": f"?{form.address}",
        "is_first_page": after is None,
        "last": page[-1].pk if len(found) > PAGE_LENGTH else None,
        "nothing": EMPTY[form.shown],
    }
    return render(request, "feedback/concerns/list.html", context)


@require_safe
def my_concerns(request: OfficerRequest) -> HttpResponse:
    """Show an officer what became of the concerns that she noted on her walks."""
    if not can_read_noted_concerns(request.user):
        raise PermissionDenied
    return render(request, "feedback/concerns/my_concerns.html", {"concerns": concerns_noted_by(request.user)})


EMPTY = {
    "to_check": "Nothing to check. A new concern appears here as soon as a requester or an officer has told us.",
    "open": "Nothing is being looked into. Accept a concern under “To check”, and it appears here.",
    "mine": "No concerns are assigned to you. Assign one to yourself under “Nobody’s”.",
    "nobodys": "Every concern that still needs something has an owner.",
    "ended": "Nothing has ended yet. A concern moves here when you say what came of it.",
    "all": "No concerns yet. They appear here as soon as a requester or an officer has told us.",
}


def _tabs(visible: ConcernQuerySet, form: ListForm, user: Officer) -> Iterator[Tab]:
    """Yield the tabs, with the number of concerns that wait on each, whatever the filters. One query."""
    counted = count_each(*(visible.for_tab(tab, user=user) for tab in form.WAITING_TABS))
    numbers = dict(zip(form.WAITING_TABS, counted, strict=True))
    for tab, label in form.TABS.items():
        yield Tab(label, form.address_of(tab), badge(numbers.get(tab, 0)), tab == form.shown)


def concern_rows(page: list[Concern], user: Officer) -> list[ConcernRow]:
    return [_row(concern, user, london.today()) for concern in page]


def _row(concern: Concern, user: Officer, today: datetime.date) -> ConcernRow:
    owner, day = concern.current_owner, concern.review_date if concern.state in ACTIVE_STATES else None
    return ConcernRow(
        concern=concern,
        owner=owner,
        is_mine=owner == user,
        may_be_taken=owner is None and concern.is_unsettled and not concern.was_there and not concern.improvement_id,
        due=london.short_date(day) if day else "",
        is_late=day is not None and day < today,
        is_due_today=day == today,
    )


@require_http_methods(["GET", "POST"])
def find(request: OfficerRequest) -> HttpResponse:
    """Find concerns. What was typed is in no address, so the answer to the POST shows what was found."""
    if not can_read_concerns(request.user):
        raise PermissionDenied
    form, rows = ConcernSearchForm(posted_data(request)), None
    if request.method == "POST" and form.is_valid():
        rows = concern_rows(find_concerns(form.cleaned_data["words"], by=request.user), request.user)
    return render_form(request, "feedback/concerns/find.html", form, rows=rows)


LOOK_AGAIN_AFTER = datetime.timedelta(days=14)
"""The review date that the form begins with."""
PAGES = ("take", "hand_over", "join", "improve", "answer", "place", "leave")


class ConcernDecision(StaffDecision[Concern]):
    """A decision on one concern, which leads back to its page, and from there to the list with its filters."""

    @cached_property
    def position(self) -> ListPosition:
        return ListPosition(self.request, self.pk)

    def find(self) -> Concern:
        return get_object_or_404(Concern.objects.visible_to(self.request.user).for_detail_page(), pk=self.pk)

    def back(self) -> HttpResponseRedirect:
        return redirect(self.position.address_of("concern"))


class TakeButton(ConcernDecision, DecisionButton[Concern]):
    def press(self, concern: Concern) -> HttpResponse:
        take_concern(concern, by=self.request.user)
        return self.done("Assigned to you. Your colleagues can see this in the list.")

    def refused(self, error: ActionError) -> HttpResponse:
        messages.error(self.request, str(error))
        return self.back()


class ConcernDecisionPage(ConcernDecision, VersionedPage[Concern, VersionedForm]):
    def show(self, concern: Concern, form: VersionedForm, *, status: int | None = None) -> HttpResponse:
        self.opens(concern, form)
        context = {"position": self.position, **self.context(concern, form)}
        return render_form(self.request, self.template_name, form, status=status, **context)

    def opens(self, concern: Concern, form: VersionedForm) -> None:
        open_concern(concern.pk)

    def find_again(self, concern: Concern, error: ActionError) -> Concern:
        """Return the concern that was found if a colleague has diverted it: then nobody finds it any more."""
        try:
            return self.find()
        except Http404:
            return concern

    def version_of(self, concern: Concern) -> int:
        return concern.correction_count

    def can_screen(self, concern: Concern) -> bool:
        return can_screen(self.request.user, concern, concern.officers_of_the_walk())


class ConcernPage(ConcernDecisionPage[ScreenForm]):
    """The page of a concern, with the form for screening it if this person may screen it."""

    template_name = "feedback/concerns/concern.html"

    def find(self) -> Concern:
        concern = super().find()
        if self.request.method == "POST" and not self.can_screen(concern):
            raise PermissionDenied
        return concern

    def get_form(self, concern: Concern) -> ScreenForm:
        return ScreenForm(self.posted(), concern=concern, today=london.today(), initial=self.initial(concern))

    def initial(self, concern: Concern) -> dict[str, Any]:
        owner = concern.current_owner or self.request.user
        return {**super().initial(concern), "owner": owner.pk, "review_date": london.today() + LOOK_AGAIN_AFTER}

    def context(self, concern: Concern, form: ScreenForm) -> dict[str, Any]:
        to_check, user = concern.state in AWAITING_SCREENING, self.request.user
        visible = Concern.objects.visible_to(user)
        before, after = self.position.neighbours(concern, visible)
        return {
            "concern": concern,
            "rows": _summary(concern),
            "owner": concern.current_owner,
            **{f"{name}_address": self.position.address_of(name) for name in PAGES},
            "before": before,
            "after": after,
            "offer_take": concern.current_owner is None and can_own(user, concern, concern.officers_of_the_walk()),
            "offer_hand_over": can_hand_over(user, concern),
            "offer_screening": (to_check or form.is_bound) and self.can_screen(concern),
            "to_check": to_check,
            "offer_answer": can_answer(user, concern),
            "offer_place": can_say_where(user, concern),
            "offer_leave": concern.improvement is not None and can_change_improvement(user, concern.improvement),
        }

    def decide(self, concern: Concern, form: ScreenForm) -> HttpResponse:
        by, version = self.request.user, form.shown_version
        match form.chosen_outcome:
            case "accept":
                accept_concern(concern, form.acceptance(), by=by, version=version)
            case "no_action":
                close_concern_without_action(concern, by=by, version=version, reason=form.reason_for_requester)
            case "divert":
                divert_concern(concern, by=by, version=version, external_reference=form.their_reference)
            case "conduct":
                divert_concern_to_standards(concern, by=by, version=version)
            case _:
                start_screening(concern, by=by)
        messages.success(self.request, self.saved(form))
        if self.position.is_from_place and concern.reported_place_id is not None:
            return redirect("places:place", concern.reported_place_id)
        return redirect(self.position.list_address)

    def saved(self, form: ScreenForm) -> str:
        if form.chosen_outcome != "accept":
            return "Saved."
        acceptance = form.acceptance()
        who = "You own it" if acceptance.owner == self.request.user else f"{acceptance.owner.display_name} owns it"
        return f"Accepted. {who} until {london.long_date(acceptance.review_date)}."

    def field_of(self, error: ActionError) -> str:
        return "outcome"


class HandOverPage(ConcernDecisionPage[HandOverForm]):
    """Choose the inspector who owns the concern from now on."""

    template_name = "feedback/concerns/hand_over.html"

    def version_of(self, concern: Concern) -> int:
        return concern.version

    def is_closed(self, concern: Concern) -> bool:
        return not can_hand_over(self.request.user, concern)

    def get_form(self, concern: Concern) -> HandOverForm:
        return HandOverForm(self.posted(), concern=concern, initial=self.initial(concern))

    def context(self, concern: Concern, form: HandOverForm) -> dict[str, Any]:
        return {"concern": concern, "owner": concern.current_owner}

    def decide(self, concern: Concern, form: HandOverForm) -> HttpResponse:
        hand_over_concern(concern, to=form.new_owner, by=self.request.user, version=form.shown_version)
        return self.done(f"{form.new_owner.display_name} looks after it now.")


def _summary(concern: Concern) -> list[dict[str, object]]:
    """Return what the requester said, without her identity. Empty answers are left out."""
    noted_by = concern.report.by_officer
    who = f"noted by {noted_by.display_name}" if noted_by else "by her"
    felt = "Felt before the walk" if concern.report.walk_id else "Feels there"
    lines = {
        "Place": concern.current_wording.place,
        "In her words": concern.current_wording.text.split("\n"),
        "Before she corrected it": _earlier_wording(concern),
        "Place on the map": str(concern.reported_place or ""),
        "Light": concern.get_light_display(),
        "When": concern.get_time_of_day_display(),
        "How often": concern.get_how_often_display(),
        felt: concern.report.get_before_display() or "",
        "Felt after the walk": concern.report.get_after_display() or "",
        "May be passed on": "Yes, without her name" if concern.consent else "No, or she didn’t say",
        "Reported": f"{london.long_date(concern.reported_at)}, {who}",
        "Usually for": taxonomy.usual_owner(concern.kind),
        "Their reference": concern.external_reference,
        "Review date": london.long_date(concern.review_date) if concern.review_date else "",
    }
    return [summary_row(label, value) for label, value in lines.items() if value not in ("", [], [""])]


def _earlier_wording(concern: Concern) -> list[str]:
    """Return what officers recorded for the requester, and her corrections except the latest."""
    corrections: list[Concern | Correction] = [*concern.corrections.all()]
    versions = [concern, *corrections][:-1]
    return [line for version in versions for line in (version.place, *version.text.split("\n")) if line]
