"""The cheapest Django request that saves something: one view, one insert, no middleware."""

import uuid

from django.contrib.sessions.models import Session
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path
from django.utils import timezone


def insert(request):
    Session.objects.create(session_key=uuid.uuid4().hex, session_data="", expire_date=timezone.now())
    return HttpResponse("ok")


urlpatterns = [path("", insert)]


class BareRequest(WSGIRequest):
    """Brings its own addresses, so that it can take turns with the real application in one process."""

    urlconf = __name__


def application():
    with override_settings(MIDDLEWARE=[]):
        handler = WSGIHandler()
    handler.request_class = BareRequest
    return handler
