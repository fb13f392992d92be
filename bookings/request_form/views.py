"""The pages of a request, with one question each. A cookie opens the requester's answers, which we keep for an hour."""

from collections.abc import Callable
from email.utils import parseaddr
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bookings.models.bookings import Booking
from bookings.models.drafts import DRAFT_LIFETIME, Draft
from bookings.notices import threads
from bookings.request_form.actions import TooManyRequests, count_equality, count_robot_press, request_booking
from bookings.request_form.booking_request import BookingRequest
from bookings.request_form.forms.basics import StartForm
from bookings.request_form.forms.equality import EqualityForm
from bookings.request_form.forms.registry import FORMS
from bookings.request_form.forms.send import SendForm
from bookings.request_form.forms.when import keep_possible_times
from bookings.request_form.questions import (
    Answer,
    Answers,
    answers_outdated_by,
    booking_request,
    can_ask,
    first_unanswered,
    optional_questions,
    position,
    question_address,
    question_before,
    with_interpreter,
)
from bookings.request_form.summary import get_optional_rows, get_summary_rows
from bookings.statuses import Channel
from boroughs.help_contacts import help_contacts_by_purpose
from boroughs.models.bcus import Borough, BoroughCommandUnit, Ward
from boroughs.public_pages.forms import SourceForm
from boroughs.statements import statements
from outbox.models import Message
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form
from walkandtalk.lib.network import client_address

DraftView = Callable[..., HttpResponse]

# The cookie outlives the answers, so that we can tell the requester that we have deleted them.
COOKIE_LIFE = 2 * DRAFT_LIFETIME


def with_draft(view: DraftView) -> DraftView:
    """Pass the requester's draft to the view, or redirect her to the right page."""

    @login_not_required
    @wraps(view)
    def opened(request: HttpRequest, **kwargs: str) -> HttpResponse:
        cookie = request.COOKIES.get(settings.ANSWERS_COOKIE_NAME, "")
        draft = Draft.objects.open(cookie) if cookie else None
        if draft is None:
            return redirect("request_form:timed-out" if cookie or request.method == "POST" else "request_form:start")
        if not draft.answers and Booking.objects.filter(draft_uuid=draft.pk).exists():
            return redirect("request_form:sent")
        try:
            response = view(request, draft, **kwargs)
        except Draft.DoesNotExist:  # the requester has left the form in another window, which deleted her answers
            return redirect("request_form:timed-out")
        return remember_draft(response, cookie) if request.method == "POST" else response

    return opened


@login_not_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Ask whether anyone is in danger. After "no" we begin to save answers."""
    cookie = request.COOKIES.get(settings.ANSWERS_COOKIE_NAME, "")
    form = StartForm(request.POST if request.method == "POST" else None, answers={}, today=london.today())
    if not form.is_valid():
        return render_form(request, form.template, form, back=reverse("home"), position=position("start", {}))
    if form.cleaned_data["danger"] == "yes":
        Draft.objects.discard(cookie)
        response = redirect("request_form:danger")
        response.delete_cookie(settings.ANSWERS_COOKIE_NAME, samesite="Lax")
        return response
    draft = Draft.objects.open(cookie) if cookie else None
    if draft is None or not draft.answers:
        draft, cookie = Draft.objects.start(form.answers_given(), source=SourceForm.read(request.GET))
    else:
        try:
            draft.save_answers_of_page(form.answers_given())
        except Draft.DoesNotExist:  # the requester has left the form in another window
            return redirect("request_form:timed-out")
    return remember_draft(HttpResponseRedirect(_next(draft)), cookie)


@with_draft
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, draft: Draft, question: str) -> HttpResponse:
    if question not in FORMS:
        raise Http404
    form_class = FORMS[question]
    if not can_ask(form_class.answers_to, draft.answers):
        return HttpResponseRedirect(_next(draft))
    is_optional = question in optional_questions(draft.answers)
    if is_optional and "remove" in request.POST:
        draft.remove_answer(question)
        return redirect("request_form:check")
    form = form_class(request.POST if request.method == "POST" else None, answers=draft.answers, today=london.today())
    if form.ends_at:
        return HttpResponseRedirect(question_address(form.ends_at))
    if request.method == "POST" and form.is_complete():
        answer = form.answer()
        outdated = answers_outdated_by(form.answers_to, answer, draft.answers)
        draft.save_answers_of_page(form.answers_given(), outdated=outdated)
        if form.stays:
            return HttpResponseRedirect(request.get_full_path())
        return HttpResponseRedirect(_ending(answer) or _early_ending(form.answers_to, answer) or _next(draft))
    status = 200 if request.method == "GET" else None
    context: dict[str, Any] = {
        "back": _back(request, question, draft),
        "offer_remove": is_optional and question in draft.answers,
        "position": position(question, draft.answers),
    }
    return render_form(request, form.template, form, status=status, **context, **_draft_expiry(draft))


@with_draft
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, draft: Draft) -> HttpResponse:
    answers = draft.answers  # sending empties the draft object, even if the transaction is rolled back
    if first_unanswered(answers):
        return HttpResponseRedirect(_next(draft))
    data = request.POST if request.method == "POST" else None
    form = SendForm(data, draft=draft.pk, now=timezone.now())
    if form.is_valid():
        try:
            return _send(request, draft)
        except ActionError as error:
            form.add_error(None, str(error))
    elif data is not None and form.is_sent_by_robot:
        try:
            count_robot_press(network=client_address(request))
        except TooManyRequests:
            return _too_many(request, booking_request(answers))
    borough = Borough.objects.select_related("bcu").get(gss=answers["area"]["borough"])
    if invalid := _first_invalid_answer(answers, bcu=borough.bcu):
        return redirect("request_form:question", invalid)
    rows = get_summary_rows(answers, borough=borough)
    context: dict[str, Any] = {
        "rows": rows,
        "optional_rows": get_optional_rows(answers, borough=borough),
        "answers": answers,
        "statements": statements(),
        "back": question_address("needs"),
    }
    return render_form(request, "bookings/request_form/check.html", form, **context, **_draft_expiry(draft))


def _first_invalid_answer(answers: Answers, *, bcu: BoroughCommandUnit | None) -> str:
    """Return the first question whose answer the BCU's rules no longer allow, or ""."""
    if bcu is None:
        return ""
    if not keep_possible_times(answers, bcu=bcu, today=london.today()):
        return "when"
    return "company" if answers.get("company", {}).get("companions", 0) > bcu.max_companions else ""


@login_not_required
@require_http_methods(["GET", "POST"])
def keep_answers(request: HttpRequest) -> HttpResponse:
    """Return, as JSON, the seconds until the answers are deleted. A POST keeps them for another hour."""
    cookie = request.COOKIES.get(settings.ANSWERS_COOKIE_NAME, "")
    draft = Draft.objects.open(cookie) if cookie else None
    if draft is None or not draft.answers:
        return JsonResponse({"seconds": 0})
    if request.method == "POST":
        draft.extend_expiry()
    expiry = _draft_expiry(draft)
    response = JsonResponse({"seconds": expiry["kept_seconds"], "until": london.clock(expiry["kept_until"])})
    return remember_draft(response, cookie) if request.method == "POST" else response


def _draft_expiry(draft: Draft) -> dict[str, Any]:
    """Return the time until which the answers are kept, and the remaining seconds."""
    remaining = draft.expires_at - timezone.now()
    return {"kept_until": draft.expires_at, "kept_seconds": max(0, int(remaining.total_seconds()))}


def _send(request: HttpRequest, draft: Draft) -> HttpResponse:
    new_request = booking_request(draft.answers)
    try:
        request_booking(draft, request=new_request, network=client_address(request))
    except TooManyRequests:
        return _too_many(request, new_request)
    return redirect("request_form:sent")


def _too_many(request: HttpRequest, new_request: BookingRequest) -> HttpResponse:
    """Show whom to call instead. A restricted request doesn't name the local team."""
    bcu = BoroughCommandUnit.objects.get(boroughs__gss=new_request.borough_gss)
    context = {
        "bcu": None if new_request.restricted else bcu,
        "back": question_address("check"),
        "lines": help_contacts_by_purpose(),
    }
    return render(request, "bookings/request_form/too-many.html", context, status=429)


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Show the sent page for an hour after the request. Reloading it does not send the request again."""
    draft = Draft.objects.open(request.COOKIES.get(settings.ANSWERS_COOKIE_NAME, ""))
    # Not joined: few bookings have a nominated inspector, and building that query takes longer than running it.
    bookings = Booking.objects.select_related("bcu").prefetch_related("nominated_inspector__bcu")
    booking = bookings.filter(draft_uuid=draft.pk).first() if draft else None
    if booking is not None:
        return sent_page(request, booking, equality_answered=draft is not None and draft.equality_answered)
    return HttpResponseRedirect(_next(draft)) if draft else redirect("request_form:timed-out")


@login_not_required
@require_http_methods(["GET", "POST"])
def equality(request: HttpRequest) -> HttpResponse:
    """Ask the optional equality questions, once, after the requester has sent her request."""
    draft = Draft.objects.open(request.COOKIES.get(settings.ANSWERS_COOKIE_NAME, ""))
    if draft is None or draft.answers or draft.equality_answered:
        return redirect("request_form:sent")
    form = EqualityForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        count_equality(draft, answers=form.answers(), today=london.today())
        return redirect("request_form:sent")
    return render_form(request, "bookings/request_form/equality.html", form, back=question_address("sent"))


def sent_page(
    request: HttpRequest, booking: Booking, *, equality_answered: bool, refused: ActionError | None = None
) -> HttpResponse:
    messages = Message.objects.in_thread(threads.requester_thread(booking)).filter(kind="received")
    message = messages.only("sender", "recipient", "subject").last()
    context = {
        "error_summary": [{"text": str(refused)}] if refused else [],
        "booking": booking,
        "message": message,
        "sender": parseaddr(message.sender)[0] if message else "",
        "is_discreet": booking.channel == Channel.DISCREET,
        "equality_answered": equality_answered,
    }
    return render(request, "bookings/request_form/sent.html", context, status=429 if refused else 200)


@login_not_required
@require_safe
def ending(request: HttpRequest, page: str) -> HttpResponse:
    """Show a page where the form ends. Each of these pages offers other help."""
    back = {"danger": reverse("request_form:start"), "city": question_address("area")}.get(page)
    return render(request, f"bookings/request_form/{page}.html", {"back": back, "lines": help_contacts_by_purpose()})


@login_not_required
@require_safe
def under_18(request: HttpRequest) -> HttpResponse:
    """Show who else can help a girl under 18: the local officers, if she has named a place."""
    draft = Draft.objects.open(request.COOKIES.get(settings.ANSWERS_COOKIE_NAME, ""))
    area = draft.answers.get("area", {}) if draft else {}
    borough = Borough.objects.select_related("bcu").filter(gss=area.get("borough", "")).first()
    ward = Ward.objects.filter(gss=area.get("ward", "")).first() if borough else None
    accepts = borough is not None and borough.bcu is not None and borough.bcu.accepts_16_17
    back = question_address("accompanied" if accepts else "age")
    context = {"back": back, "borough": borough, "ward": ward, "lines": help_contacts_by_purpose()}
    return render(request, "bookings/request_form/under-18.html", context)


@with_draft
@require_safe
def not_london(request: HttpRequest, draft: Draft) -> HttpResponse:
    area = draft.answers.get("area", {})
    context = {"back": question_address("area"), "area": area, "lines": help_contacts_by_purpose()}
    return render(request, "bookings/request_form/not-london.html", context)


@with_draft
@require_safe
def closed(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Say until when the team is not taking requests, and what else the requester can do."""
    bcu = _bcu_of_area(draft.answers.get("area", {}))
    if bcu is None:
        return HttpResponseRedirect(_next(draft))
    today, interpreted = london.today(), with_interpreter(draft.answers)
    first, last = bcu.first_date(today, with_interpreter=interpreted), bcu.last_date(today)
    if not bcu.is_closed(today) and first <= last:
        return HttpResponseRedirect(_next(draft))
    is_continuing = {"first": first, "last": last, "next": _next(draft)} if first <= last else {}
    context = {"bcu": bcu, "back": question_address("area"), "lines": help_contacts_by_purpose(), **is_continuing}
    return render(request, "bookings/request_form/closed.html", context)


def _bcu_of_area(area: Answer) -> BoroughCommandUnit | None:
    return BoroughCommandUnit.objects.filter(boroughs__gss=area.get("borough", "")).first()


def _early_ending(question: str, answer: Answer) -> str:
    """Return the closed page as soon as we know the area, so that nobody answers ten questions for nothing."""
    bcu = _bcu_of_area(answer) if question == "area" else None
    return question_address("closed") if bcu is not None and bcu.is_closed(london.today()) else ""


def _next(draft: Draft) -> str:
    """Return the URL of the first unanswered question, or of the check page if all are answered."""
    return question_address(first_unanswered(draft.answers) or "check")


def _ending(answer: Answer) -> str:
    return question_address(answer["ends_at"]) if "ends_at" in answer else ""


def _back(request: HttpRequest, question: str, draft: Draft) -> str:
    if "change" in request.GET or question in optional_questions(draft.answers):
        return question_address("check")
    return question_address(question_before(question, draft.answers))


def remember_draft(response: HttpResponse, cookie: str) -> HttpResponse:
    """Let this browser open the draft of this cookie."""
    response.set_cookie(
        settings.ANSWERS_COOKIE_NAME,
        cookie,
        max_age=COOKIE_LIFE,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
