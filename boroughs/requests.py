"""A request of somebody who has signed in."""

from django.http import HttpRequest

from boroughs.models import Officer


class OfficerRequest(HttpRequest):
    user: Officer
