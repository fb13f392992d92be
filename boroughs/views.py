from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from boroughs.models import HelpContact


@require_safe
@login_not_required
def attribution(request: HttpRequest) -> HttpResponse:
    return render(request, "boroughs/attribution.html")


@require_safe
@login_not_required
def safety(request: HttpRequest) -> HttpResponse:
    contacts = HelpContact.objects.order_by("position", "name")
    return render(request, "pages/safety.html", {"contacts": contacts})


@require_safe
@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html")
