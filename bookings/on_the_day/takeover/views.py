"""Pages for an officer who offers her walk to a colleague, and buttons for the colleague who was asked."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect

from bookings.decisions.flow import DecisionButton, DecisionPage
from bookings.decisions.pages import OnWalk, StaffDecision
from bookings.on_the_day.takeover import actions
from bookings.on_the_day.takeover.forms import AskColleagueForm
from bookings.on_the_day.walk_page import get_own_walk
from walkandtalk.lib.errors import ActionError
from walks.models.takeovers import Takeover
from walks.models.walks import Walk


class AskColleaguePage(OnWalk[Walk], DecisionPage[Walk, AskColleagueForm]):
    """Offer my walk to a colleague: the list names those who are free then, and nothing else."""

    template_name = "bookings/on_the_day/ask_colleague.html"

    def find(self) -> Walk:
        return get_own_walk(self.request, self.pk)

    def get_form(self, walk: Walk) -> AskColleagueForm:
        return AskColleagueForm(self.posted(), colleagues=actions.find_free_colleagues(walk))

    def context(self, walk: Walk, form: AskColleagueForm) -> dict[str, Any]:
        return {
            "walk": walk,
            "reason_not_to": actions.reason_not_to_offer(walk),
            "has_choice": bool(form.fields["colleague"].choices),  # type: ignore[attr-defined]
        }

    def decide(self, walk: Walk, form: AskColleagueForm) -> HttpResponse:
        colleague = form.chosen()
        actions.ask_colleague(walk, by=self.request.user, colleague=colleague)
        return self.done(f"We’ve asked {colleague.display_name}. You’re on the walk until she accepts.")


class TakeoverButton(StaffDecision[Takeover], DecisionButton[Takeover]):
    """A button about one question. It leads back to the list of walks, which both officers have."""

    def find(self) -> Takeover:
        visible = (
            Takeover.objects.visible_to(self.request.user)
            .of(self.request.user)
            .select_related("walk__bcu", "walk__nominated_inspector", "asked_by", "colleague")
        )
        return get_object_or_404(visible, pk=self.pk)

    def back(self) -> HttpResponseRedirect:
        return redirect("on_the_day:walks")

    def refused(self, error: ActionError) -> HttpResponse:
        messages.error(self.request, str(error))
        return self.back()


class AcceptTakeoverButton(TakeoverButton):
    def press(self, takeover: Takeover) -> HttpResponse:
        actions.accept_takeover(takeover, by=self.request.user)
        messages.success(self.request, "You’re on this walk now. We’ve told the others.")
        return redirect("on_the_day:walk", takeover.walk_id)


class DeclineTakeoverButton(TakeoverButton):
    def press(self, takeover: Takeover) -> HttpResponse:
        actions.decline_takeover(takeover, by=self.request.user)
        return self.done(f"We’ve told {takeover.asked_by.display_name} that you can’t.")


class WithdrawTakeoverButton(TakeoverButton):
    def press(self, takeover: Takeover) -> HttpResponse:
        actions.withdraw_takeover(takeover, by=self.request.user)
        messages.success(self.request, "Withdrawn. You’re still on this walk.")
        return redirect("on_the_day:walk", takeover.walk_id)
