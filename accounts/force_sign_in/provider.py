"""The force's provider, as django-allauth speaks with it: addresses, keys, PKCE and the exchange of a code."""

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

from walkandtalk.lib.force_sign_in import ForceSignIn
from walkandtalk.lib.local_cache import local_cache

KEPT = 10 * 60
"""Seconds for which addresses and keys are kept, so that a press costs the provider no request."""


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
        answer = client.get_access_token(code, pkce_code_verifier=code_verifier)
        if not isinstance(answer.get("id_token"), str):
            raise OAuth2Error("The answer has no ID token.")
        token: str = answer["id_token"]
        return token

    def _kept(self, what: str, address: str, *, afresh: bool = False) -> dict[str, Any]:
        key = f"force-sign-in-{what}-{self.force.issuer}"
        found: dict[str, Any] | None = None if afresh else local_cache.get(key)
        if found is None:
            found = _fetch(address)
            local_cache.set(key, found, KEPT)
        return found


def _fetch(address: str) -> dict[str, Any]:
    with get_adapter().get_requests_session() as session:  # type: ignore[no-untyped-call]
        response = session.get(address)
        response.raise_for_status()
        found: dict[str, Any] = response.json()
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
