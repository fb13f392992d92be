"""The public form, and the neutral pages behind the links in our messages to followers."""

from email.utils import parseaddr

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from bookings.request_form.actions import TooManyRequests, count_robot_press
from figures.following import actions
from figures.following.areas import LONDON, pages_of, path_of
from figures.following.forms import FollowForm
from figures.models.followers import CONFIRM_WITHIN, FollowedArea, Follower
from outbox.composing.compose import render_subject
from walkandtalk.lib.govuk.pages import render_form
from walkandtalk.lib.network import client_address


@login_not_required
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Ask for an area and an address. The answer is the same for every address."""
    now, network = timezone.now(), client_address(request)
    form = FollowForm(request.POST if request.method == "POST" else None, area=slug, now=now)
    if slug and slug not in form.areas:
        raise Http404
    status = None
    try:
        if form.is_valid():
            area, email = form.cleaned_data["area"], form.cleaned_data["email"]
            actions.ask_to_follow(area, email=email, network=network, now=now)
            return redirect("following:sent")
        if form.is_refused_as_robot:
            count_robot_press(network=network)
    except TooManyRequests:
        form.add_error(None, _("We’ve had too many from your network, so we’ve stopped for a while. Try again later"))
        status = 429
    context = {"sender": _sender(), "back": path_of(slug or LONDON)}
    return render_form(request, "figures/following/follow.html", form, status=status, **context)


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    context = {
        "sender": _sender(),
        "subject": render_subject("follower_confirm", {}, is_discreet=True),
        "days": CONFIRM_WITHIN.days,
        "most": actions.ASKED_OF_AN_ADDRESS_A_DAY,
    }
    return render(request, "figures/following/sent.html", context)


def _sender() -> str:
    return parseaddr(settings.DISCREET_FROM_EMAIL)[0]


# --- On the neutral host ----------------------------------------------------------------------------------------------


@login_not_required
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button, because link scanners open links. Pressing it follows the area."""
    now = timezone.now()
    area = FollowedArea.objects.to_be_confirmed_by(token, now=now)
    if area is None:
        return _no_such_link(request)
    if request.method == "POST":
        actions.confirm_area(area, now=now)
        return redirect("updates:confirm", token)
    context = {"token": token, "is_confirmed": area.confirmed_at is not None, "stop": area.follower.token}
    return render(request, "figures/following/confirm.html", context)


@login_not_required
@require_http_methods(["GET", "POST"])
def open_update(request: HttpRequest, token: str) -> HttpResponse:
    """Say nothing of the update until its reader presses the button. Then lead on to the public pages."""
    follower = Follower.objects.opened_by(token)
    if follower is None:
        return _no_such_link(request)
    if request.method == "POST":
        return render(request, "figures/following/opened.html", {"pages": pages_of(follower.confirmed_areas)})
    return render(request, "figures/following/open.html", {"token": token})


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Forget the address. A mail program sends the POST by itself (RFC 8058), so the token alone protects it."""
    follower = Follower.objects.opened_by(token)
    if follower is None:
        return _no_such_link(request)
    if request.method == "POST":
        actions.stop_updates(follower)
        return render(request, "figures/following/stopped.html")
    return render(request, "figures/following/stop.html", {"token": token})


def _no_such_link(request: HttpRequest) -> HttpResponse:
    return render(request, "figures/following/link_expired.html", status=404)
