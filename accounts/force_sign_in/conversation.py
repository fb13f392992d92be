"""One question to the force's provider and its answer: who is at this browser?

The question is kept in the session on our side, under a random `state` that is of use once. The answer has to bring the
same state to the same browser, and a signed token with the same nonce. So nobody can put an answer into another's
browser, or use one twice.
"""

import json
import logging
import secrets
import time
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Any

from allauth.socialaccount.internal import statekit
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.http import HttpRequest, HttpResponse
from jwt import PyJWTError
from requests import RequestException

from accounts.force_sign_in.id_tokens import CLOCKS_DIFFER, ForceIdentity, TokenRefused, UnknownKey, read_id_token
from accounts.force_sign_in.provider import ForceProvider, ProviderDown
from accounts.password_tries.lanes import FORCE
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.force_sign_in import ForceSignIn
from walkandtalk.lib.network import client_address, provider_network

logger = logging.getLogger(__name__)


class ForceRefused(ActionError):
    """Nobody is let in, for this reason."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a person wants, and what the answer has to match."""

    nonce: str
    asked_at: int
    next_page: str
    invited: int | None = None
    """The account that a force account is to be connected with, by invitation."""
    access_version: int = 0
    """Of that account. An invitation ends with everything else that was open."""
    confirms: int | None = None
    """The account of the person who is signed in, and has to prove afresh that it's them."""


def ask_force(
    request: HttpRequest,
    force: ForceSignIn,
    next_page: str,
    *,
    invited: Officer | None = None,
    confirms: Officer | None = None,
) -> HttpResponse:
    """Send the browser to the provider. The caller's page was sent by POST. Raise TooBusy if others wait for it."""
    question = Question(
        nonce=secrets.token_urlsafe(32),
        asked_at=int(time.time()),
        next_page=next_page,
        invited=invited.pk if invited is not None else None,
        access_version=invited.access_version if invited is not None else 0,
        confirms=confirms.pk if confirms is not None else None,
    )
    try:
        with _hold_thread(request):
            response: HttpResponse = ForceProvider(request, force).redirect(
                request, AuthProcess.LOGIN, data=asdict(question), auth_params=_parameters(question, force)
            )
    except (OAuth2Error, RequestException, KeyError, ProviderDown) as error:
        raise _broken(force, error) from error
    return response


def read_answer(request: HttpRequest, force: ForceSignIn) -> tuple[Question, ForceIdentity]:
    """Return the question of this browser and the answer. Raise ForceRefused if they don't belong together.

    Raise TooBusy if others wait for the provider. The state is then kept, so that the person can try again.
    """
    with _hold_thread(request):
        return _read_answer(request, force)


def _read_answer(request: HttpRequest, force: ForceSignIn) -> tuple[Question, ForceIdentity]:
    state = statekit.unstash_state(request, state_id=request.GET.get("state", ""), provider_id=force.issuer)
    if state is None:
        raise ForceRefused("The sign-in took too long, or was opened twice. Sign in again.")
    if not request.GET.get("code"):
        # An error in an address is signed by nobody: anyone could write one. So it only ends this try.
        raise ForceRefused(f"{force.name} didn’t let you in. Try again, or ask your IT service desk.")
    question = Question(**state["data"])
    identity = _get_identity(request, force, state, question)
    if question.confirms is not None and identity.authenticated_at < question.asked_at - CLOCKS_DIFFER:
        raise ForceRefused(f"{force.name} didn’t ask you to prove that it’s you. Tell your administrator.")
    return question, identity


def _get_identity(request: HttpRequest, force: ForceSignIn, state: dict[str, Any], question: Question) -> ForceIdentity:
    client = ForceProvider(request, force).get_oauth2_adapter(request)
    try:
        token = client.exchange(request.GET["code"], state["pkce_code_verifier"])
        try:
            return read_id_token(token, client.read_keys(), nonce=question.nonce, force=force)
        except UnknownKey:  # the provider may have new ones
            return read_id_token(token, client.read_keys(afresh=True), nonce=question.nonce, force=force)
    except (OAuth2Error, RequestException, PyJWTError, KeyError, TokenRefused, ProviderDown) as error:
        raise _broken(force, error) from error


def _hold_thread(request: HttpRequest) -> AbstractContextManager[None]:
    """Let few threads wait for the provider, so that pages have some while it hangs."""
    return FORCE.hold_thread(provider_network(client_address(request)))


def _parameters(question: Question, force: ForceSignIn) -> dict[str, str]:
    parameters = {"nonce": question.nonce}
    wanted = sorted(force.second_factor_values)
    if force.second_factor_claim == "acrs":  # Entra ID: an authentication context of Conditional Access
        value = {"value": wanted[0]} if len(wanted) == 1 else {"values": wanted}
        parameters["claims"] = json.dumps({"id_token": {"acrs": {"essential": True, **value}}})
    elif force.second_factor_claim == "acr":
        parameters["acr_values"] = " ".join(wanted)
    if question.confirms is not None:
        parameters |= {"prompt": "login", "max_age": "0"}
    return parameters


def _broken(force: ForceSignIn, error: Exception) -> ForceRefused:
    """Say in the log what was wrong, without an answer's contents, which may hold a code or a name."""
    why = str(error) if isinstance(error, TokenRefused) else type(error).__name__
    logger.error("The force's sign-in failed: %s", why)
    return ForceRefused(f"{force.name} isn’t working with this service at the moment. Try again in a few minutes.")
