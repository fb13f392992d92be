"""Types that the apps share."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from boroughs.models import Officer

    class OfficerRequest(HttpRequest):
        user: Officer
else:
    OfficerRequest = HttpRequest
