"""The steps of signing in: what a person has shown so far, kept in the session of their browser by django-allauth."""

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import clear_authentication_records, perform_login, record_authentication
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse

from accounts.force_sign_in.rules import BY_FORCE
from boroughs.models.officers import Officer

ACCESS_KEY = "access_at_first_step"


def sign_in_with_password(request: HttpRequest, officer: Officer, next_page: str) -> HttpResponse:
    """Go on after a right password: to the second step, or to the next page if this person has no second factor."""
    forget_steps(request)
    record_authentication(request, officer, "password")
    return perform_login(request, Login(user=officer, redirect_url=next_page))


def forget_steps(request: HttpRequest) -> None:
    """Forget what was shown before. The steps of a session that is idle now prove nothing."""
    clear_authentication_records(request)


def remember_access(request: HttpRequest, officer: Officer) -> None:
    request.session[ACCESS_KEY] = officer.access_version


def did_access_end(request: HttpRequest, officer: Officer) -> bool:
    """Return whether the account was closed, or its password or role changed, since the first step."""
    return not officer.is_active or request.session.pop(ACCESS_KEY, None) != officer.access_version


def steps_taken(request: HttpRequest, officer: Officer) -> list[str]:
    """Return how this person has signed in, such as ["password", "totp"]."""
    records = get_authentication_records(request, officer)
    return [record.get("type", record["method"]) for record in records if not record.get("reauthenticated")]


def proved_to_force_at(request: HttpRequest, officer: Officer) -> int | None:
    """Return when this person last proved to the force's provider who they are, if they came that way."""
    records = get_authentication_records(request, officer)
    return next((record["proved_at"] for record in records if record["method"] == BY_FORCE), None)
