"""The settings of the force's own sign-in (docs/operating.md#the-forces-own-sign-in)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

PREFIX = "FORCE_SIGN_IN_"
BREAK_GLASS = "BREAK_GLASS_EMAIL"
REQUIRED = (
    f"{PREFIX}ISSUER",
    f"{PREFIX}CLIENT_ID",
    f"{PREFIX}CLIENT_SECRET",
    f"{PREFIX}NAME",
    f"{PREFIX}SECOND_FACTOR_CLAIM",
    f"{PREFIX}SECOND_FACTOR_VALUES",
    f"{PREFIX}MEMBER_CLAIM",
    f"{PREFIX}MEMBER_VALUES",
    BREAK_GLASS,
)
TENANT, ID_CLAIM = f"{PREFIX}TENANT", f"{PREFIX}ID_CLAIM"
ENTRA = "login.microsoftonline.com"


@dataclass(frozen=True, kw_only=True)
class ForceSignIn:
    """One OpenID Connect provider, and what its signed ID token must say. Each field is one environment variable."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    second_factor_claim: str
    second_factor_values: frozenset[str]
    member_claim: str
    member_values: frozenset[str]
    break_glass_email: str
    tenant: str = ""
    id_claim: str = "oid"

    @property
    def origin(self) -> str:
        """The host to which a form may lead, for the Content-Security-Policy."""
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"


def read_force_sign_in(read: Callable[[str], str], *, development: bool) -> ForceSignIn | None:
    """Return the settings, or None if no variable is set: then people sign in with passwords and factors of ours."""
    values = {name: read(name).strip(" ,") for name in (*REQUIRED, TENANT, ID_CLAIM)}
    if not any(values.values()):
        return None
    if missing := [name for name in REQUIRED if not values[name]]:
        raise ImproperlyConfigured(
            f"The force’s sign-in is half set up. Set these too, or no {PREFIX}… variable at all: {', '.join(missing)}."
        )
    _check_issuer(values[f"{PREFIX}ISSUER"], values[TENANT], development=development)
    return ForceSignIn(
        issuer=values[f"{PREFIX}ISSUER"],
        client_id=values[f"{PREFIX}CLIENT_ID"],
        client_secret=values[f"{PREFIX}CLIENT_SECRET"],
        name=values[f"{PREFIX}NAME"],
        second_factor_claim=values[f"{PREFIX}SECOND_FACTOR_CLAIM"],
        second_factor_values=_split(values[f"{PREFIX}SECOND_FACTOR_VALUES"]),
        member_claim=values[f"{PREFIX}MEMBER_CLAIM"],
        member_values=_split(values[f"{PREFIX}MEMBER_VALUES"]),
        break_glass_email=values[BREAK_GLASS],
        tenant=values[TENANT],
        id_claim=values[ID_CLAIM] or "oid",
    )


def _check_issuer(issuer: str, tenant: str, *, development: bool) -> None:
    parts = urlsplit(issuer)
    if parts.scheme != "https" and not development:
        raise ImproperlyConfigured(f"{PREFIX}ISSUER must begin with https://.")
    if parts.netloc == ENTRA and (not tenant or tenant not in parts.path.split("/")):
        raise ImproperlyConfigured(
            f"Set {TENANT} to the ID of your own directory, and {PREFIX}ISSUER to https://{ENTRA}/<that ID>/v2.0. "
            "Addresses such as /common let in people of every other organisation."
        )


def _split(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split(",") if part.strip())
