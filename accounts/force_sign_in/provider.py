"""The force's provider, as django-allauth speaks with it: addresses, keys, PKCE and the exchange of a code."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from requests import RequestException
from requests.exceptions import InvalidJSONError

from walkandtalk.lib.force_sign_in import ForceSignIn
from walkandtalk.lib.local_cache import local_cache

KEPT = 10 * 60
"""Seconds for which addresses and keys are kept, so that a press costs the provider no request."""
DOWN_FOR = 30
"""Seconds for which nobody waits for a provider that has just failed."""


class ProviderDown(Exception):
    """The provider has failed a moment ago, so it isn't asked again yet."""


class ForceClient(OpenIDConnectOAuth2Adapter):
    """Asks the one provider of our settings. No row of a table can add another."""

    def __init__(self, request: HttpRequest, force: ForceSignIn) -> None:
        super().__init__(request, force.issuer)
        self.force = force

    def get_provider(self) -> "ForceProvider":
        return ForceProvider(self.request, self.force)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return f"{settings.PUBLIC_URL}{reverse('accounts:force_callback')}"

    @property
    def openid_config(self) -> dict[str, Any]:
        """Return the provider's own description. It must be of the issuer that we were told of."""
        config = self._kept("configuration", f"{self.force.issuer.rstrip('/')}/.well-known/openid-configuration")
        if config.get("issuer") != self.force.issuer:
            raise OAuth2Error("The provider has another issuer.")
        return config

    def read_keys(self, *, afresh: bool = False) -> list[jwt.PyJWK]:
        return jwt.PyJWKSet.from_dict(self._kept("keys", self.openid_config["jwks_uri"], afresh=afresh)).keys

    def exchange(self, code: str, code_verifier: str) -> str:
        """Return the ID token for this code."""
        client = self.get_client(self.request, self.get_provider().app)
        with self._unless_down():
            answer = client.get_access_token(code, pkce_code_verifier=code_verifier)
        if not isinstance(answer, dict) or not isinstance(answer.get("id_token"), str):
            raise OAuth2Error("The answer has no ID token.")
        token: str = answer["id_token"]
        return token

    def _kept(self, what: str, address: str, *, afresh: bool = False) -> dict[str, Any]:
        key = f"force-sign-in-{what}-{self.force.issuer}"
        found: dict[str, Any] | None = None if afresh else local_cache.get(key)
        if found is None:
            with self._unless_down():
                found = _fetch(address)
            local_cache.set(key, found, KEPT)
        return found

    @contextmanager
    def _unless_down(self) -> Iterator[None]:
        """Ask the provider in this block. Raise ProviderDown at once if it has failed a moment ago."""
        key = f"force-sign-in-down-{self.force.issuer}"
        if local_cache.get(key):
            raise ProviderDown
        try:
            yield
        except RequestException:
            local_cache.set(key, "down", timeout=DOWN_FOR)
            raise


def _fetch(address: str) -> dict[str, Any]:
    with get_adapter().get_requests_session() as session:  # type: ignore[no-untyped-call]
        response = session.get(address)
        response.raise_for_status()
        found = response.json()
        if not isinstance(found, dict):
            raise InvalidJSONError("The answer is no object.")
        return found


class ForceProvider(OpenIDConnectProvider):
    """Its name in the table of linked accounts is the issuer, so a link means nothing for any other provider."""

    def __init__(self, request: HttpRequest, force: ForceSignIn) -> None:
        self.force = force
        app = SocialApp(
            provider=self.id,
            provider_id=force.issuer,
            name=force.name,
            client_id=force.client_id,
            secret=force.client_secret,
            # Entra ID gives `oid` with the scope `profile` alone. We ask for no address.
            settings={"server_url": force.issuer, "scope": ["openid", "profile"], "oauth_pkce_enabled": True},
        )
        super().__init__(request, app=app)

    def get_oauth2_adapter(self, request: HttpRequest) -> ForceClient:
        return ForceClient(request, self.force)
