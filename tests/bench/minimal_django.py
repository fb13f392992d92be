"""The cheapest Django request that saves something: one view, one insert, no middleware."""

import uuid

from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone


def insert(request):
    Session.objects.create(session_key=uuid.uuid4().hex, session_data="", expire_date=timezone.now())
    return HttpResponse("ok")


urlpatterns = [path("", insert)]
