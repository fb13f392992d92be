"""A warning of a shoulder number with the letters of another BCU."""

from django.contrib import messages
from django.http import HttpRequest

from boroughs.models.officers import Officer


def warn_of_letters(request: HttpRequest, officer: Officer) -> None:
    """Warn, and refuse nothing: people keep their number for a while when they move."""
    if officer.bcu and officer.shoulder_number and officer.bcu.code not in officer.shoulder_number:
        messages.warning(
            request,
            f"The letters in {officer.shoulder_number} are not those of {officer.bcu}. Check the shoulder number.",
        )
