"""ID tokens: what the force's provider says of a person, signed, to us alone, and as the answer to our question.

The key is checked although the token comes straight from the provider over TLS, which OpenID Connect would accept. The
network of a force may open TLS on the way, and nobody should get in by that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jwt
from allauth.socialaccount.models import SocialAccount
from django.utils.crypto import constant_time_compare

from walkandtalk.lib.force_sign_in import ForceSignIn

ALGORITHMS = ["RS256", "PS256", "ES256"]
CLOCKS_DIFFER = 60
"""Seconds by which the provider's clock may be ahead of ours, or behind."""
LONGEST_ID = SocialAccount._meta.get_field("uid").max_length or 0


class TokenRefused(Exception):
    """The token isn't what we asked for. Its message is for the log, and holds nothing of the token."""


class UnknownKey(TokenRefused):
    """None of these keys has signed the token."""


@dataclass(frozen=True, kw_only=True)
class ForceIdentity:
    """The only things that we take from a token. A name, an address or a role in it changes nothing here."""

    uid: str
    has_second_factor: bool
    is_member: bool
    authenticated_at: int
    """When the person last proved to the provider who they are. 0 if it doesn't say so."""


def read_id_token(token: str, keys: Sequence[jwt.PyJWK], *, nonce: str, force: ForceSignIn) -> ForceIdentity:
    """Return what the token says. Raise TokenRefused unless it is signed, ours, current and meant for this question."""
    claims = _verify(token, keys, force)
    # A token for several apps could have been passed on by one of the others.
    if claims["aud"] not in (force.client_id, [force.client_id]):
        raise TokenRefused("audience")
    if not constant_time_compare(str(claims["nonce"]), nonce):
        raise TokenRefused("nonce")
    if force.tenant and claims.get("tid") != force.tenant:
        raise TokenRefused("tenant")
    uid = claims.get(force.id_claim)
    if not isinstance(uid, str) or not 0 < len(uid) <= LONGEST_ID:
        raise TokenRefused("no id")
    proved_at = claims.get("auth_time")
    return ForceIdentity(
        uid=uid,
        has_second_factor=bool(_values(claims, force.second_factor_claim) & force.second_factor_values),
        is_member=bool(_values(claims, force.member_claim) & force.member_values),
        authenticated_at=proved_at if isinstance(proved_at, int) else 0,
    )


def _verify(token: str, keys: Sequence[jwt.PyJWK], force: ForceSignIn) -> dict[str, Any]:
    for key in _usable(token, keys):
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key.key,
                algorithms=ALGORITHMS,
                audience=force.client_id,
                issuer=force.issuer,
                leeway=CLOCKS_DIFFER,
                options={"require": ["aud", "exp", "iat", "iss", "nonce"]},
            )
        except (jwt.InvalidSignatureError, TypeError):  # TypeError: the key is of another kind than the signature
            continue
        except jwt.PyJWTError as error:
            raise TokenRefused(type(error).__name__) from error
        return claims
    raise UnknownKey("unknown key")


def _usable(token: str, keys: Sequence[jwt.PyJWK]) -> list[jwt.PyJWK]:
    """Return the key that the token names, or all of them if it names none."""
    try:
        named = jwt.get_unverified_header(token).get("kid")
    except jwt.PyJWTError as error:
        raise TokenRefused(type(error).__name__) from error
    return [key for key in keys if named is None or key.key_id == named]


def _values(claims: dict[str, Any], name: str) -> set[str]:
    """Return the values of a claim that is one text or a list of texts."""
    value = claims.get(name, [])
    return {value} if isinstance(value, str) else {each for each in value if isinstance(each, str)} if value else set()
