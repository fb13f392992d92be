"""Films in British Sign Language, on a website of the operator’s choice.

docs/operating.md#films-in-british-sign-language
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings


@dataclass(frozen=True)
class Film:
    address: str

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or ""


def film_of(slug: str) -> Film | None:
    """Return the film that says what this Easy Read page says, or None if there is none yet."""
    address = settings.BSL_FILMS[slug]
    return Film(address) if address else None
