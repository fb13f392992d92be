"""The page on which a partner answers a referral with its link, without an account.

GET shows and POST answers, so a scanner that follows the link answers nothing. The page says what the message said,
and nothing of anyone (docs/rules.md#partners).
"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe

from bookings.decisions.flow import DecisionPage
from feedback.models.referrals import Referral, ReferralLink
from feedback.referrals.actions import save_answer, send_new_link
from feedback.referrals.forms import AnswerForm
from feedback.statuses import AnsweredBy
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError

TEMPLATES = "feedback/referrals/partner"


@method_decorator(login_not_required, name="dispatch")
class PartnerAnswerPage(DecisionPage[Referral, AnswerForm]):
    template_name = f"{TEMPLATES}/answer.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.token: str = kwargs["token"]
        link = ReferralLink.objects.open(self.token)
        if link is None:
            return render(request, f"{TEMPLATES}/unknown.html", status=404)
        if link.has_expired and not link.referral.is_closed:
            return render(request, f"{TEMPLATES}/expired.html", {"token": self.token}, status=404)
        self.referral, self.has_expired = link.referral, link.has_expired
        return super().dispatch(request, *args, **kwargs)

    def find(self) -> Referral:
        return self.referral

    def back(self) -> HttpResponse:  # type: ignore[override]  # a redirect
        return redirect("partner_answers:answer", self.token)

    def turn_away(self, referral: Referral) -> HttpResponse | None:
        if not referral.is_closed:
            return None
        # An old link says nothing more of the place.
        context = {} if self.has_expired else {"referral": referral, "improvement": referral.improvement}
        return render(self.request, f"{TEMPLATES}/closed.html", context)

    def get_form(self, referral: Referral) -> AnswerForm:
        return AnswerForm(self.posted(), today=london.today(), initial={"version": referral.version})

    def context(self, referral: Referral, form: AnswerForm) -> dict[str, Any]:
        return {"referral": referral, "improvement": referral.improvement}

    def decide(self, referral: Referral, form: AnswerForm) -> HttpResponse:
        save_answer(referral, form.said(), version=form.shown_version, answered_by=AnsweredBy.LINK)
        return redirect("partner_answers:thanks", self.token)

    def refused(self, referral: Referral, form: AnswerForm, error: ActionError) -> HttpResponse:
        """Show what was answered meanwhile. The form keeps what was typed, and counts the new answer."""
        link = ReferralLink.objects.open(self.token)
        if link is None or link.referral.is_closed:
            return self.back()
        self.referral = link.referral
        form.add_error(None, str(error))
        form.renew_version(link.referral.version)
        return self.show(link.referral, form, status=409)


@login_not_required
@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    link = ReferralLink.objects.open(token)
    if link is None or link.has_expired:
        return render(request, f"{TEMPLATES}/unknown.html", status=404)
    context = {"referral": link.referral, "improvement": link.referral.improvement, "token": token}
    return render(request, f"{TEMPLATES}/thanks.html", context)


@login_not_required
@require_POST
def new_link(request: HttpRequest, token: str) -> HttpResponse:
    """Send the partner's inbox another link, if this one has expired. The answer is the same for every token."""
    link = ReferralLink.objects.open(token)
    if link is not None and link.has_expired:
        send_new_link(link.referral)
    return render(request, f"{TEMPLATES}/new_link.html")
