"""The pages on which an administrator proposes how a team is reached, and which BCU a borough belongs to."""

from typing import Any

from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect

from accounts.requests import OfficerRequest
from administration.proposals.pages import ProposePage
from administration.teams.forms import BoroughForm, TeamForm
from administration.teams.lookups import boroughs_for, teams_for
from boroughs.models.bcus import Borough, BoroughCommandUnit
from walkandtalk.lib.errors import require


class TeamPage(ProposePage[BoroughCommandUnit, TeamForm]):
    request: OfficerRequest
    form_class = TeamForm
    template_name = "administration/teams/team.html"

    def find(self) -> BoroughCommandUnit:
        require(self.request.user.is_staff)
        return get_object_or_404(teams_for(self.request.user), pk=self.kwargs["pk"])

    def back(self) -> HttpResponseRedirect:
        return redirect("admin:boroughs_boroughcommandunit_change", self.kwargs["pk"])

    def context(self, row: BoroughCommandUnit, form: TeamForm) -> dict[str, Any]:
        return {"bcu": row, "is_from_staffing": self.request.GET.get("from") == "staffing"}


class BoroughPage(ProposePage[Borough, BoroughForm]):
    request: OfficerRequest
    form_class = BoroughForm
    template_name = "administration/teams/borough.html"

    def find(self) -> Borough:
        require(self.request.user.is_staff)
        return get_object_or_404(boroughs_for(self.request.user), pk=self.kwargs["pk"])

    def back(self) -> HttpResponseRedirect:
        return redirect("admin:boroughs_borough_change", self.kwargs["pk"])

    def context(self, row: Borough, form: BoroughForm) -> dict[str, Any]:
        return {"borough": row}
