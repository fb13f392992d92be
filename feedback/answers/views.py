"""Answer a concern."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from accounts.requests import OfficerRequest
from boroughs.models.officers import Officer
from feedback.answers.actions import answer_concern, refer_concern
from feedback.answers.forms import AnswerForm
from feedback.models.concerns import Concern
from feedback.permissions import can_answer, can_refer
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form, summary_row


@require_http_methods(["GET", "POST"])
def answer(request: OfficerRequest, pk: UUID) -> HttpResponse:
    """What came of it so far, which she reads."""
    concern = get_object_or_404(Concern.objects.visible_to(request.user).for_detail_page(), pk=pk)
    if not can_answer(request.user, concern) and request.method != "POST":
        return redirect("feedback:concern", pk)
    posted = request.POST if request.method == "POST" else None
    form = AnswerForm(posted, concern=concern, may_refer=can_refer(request.user, concern), today=london.today())
    status = None
    if form.is_valid():
        try:
            _answer(concern, form, by=request.user)
        except ActionError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, "Saved. She hears of it now.")
            return redirect("feedback:concern", pk)
    context = {
        "concern": concern,
        "joined": concern.merged_concerns.count(),
        "referral_summary": _referral_summary(concern),
    }
    return render_form(request, "feedback/answers/answer.html", form, status=status, **context)


def _answer(concern: Concern, form: AnswerForm, *, by: Officer) -> None:
    if form.is_referred:
        refer_concern(concern, by=by, **form.referred())
    else:
        answer_concern(concern, by=by, **form.answered())


def _referral_summary(concern: Concern) -> list[dict[str, object]]:
    """The place and the problem, which is all that she agreed to; or nothing where she did not."""
    if not concern.consent:
        return []
    lines = {
        "Problem": concern.kind_label,
        "Place": concern.current_wording.place,
        "Light": concern.get_light_display(),
        "When": concern.get_time_of_day_display(),
        "How often": concern.get_how_often_display(),
    }
    return [summary_row(label, value) for label, value in lines.items() if value]
