"""The open data as a whole: its name, licence, publisher and public addresses (docs/open-data.md)."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

TITLE = _("What women told us, and what was done")
DESCRIPTION = _(
    "By quarter, for London and each of its Borough Command Units: how many women asked to walk with local police "
    "officers, how many walks were held, what women told us, and what was done about it. A number that could point to "
    "someone is left out, and counts are rounded to 5."
)
LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
LICENCE_NAME = "Open Government Licence v3.0"
LANGUAGE = "en-GB"
PATH_OF_PAGES = "/what-women-told-us/"


def publisher() -> str:
    """Return the name of the organisation. In the settings it is written as in the middle of a sentence."""
    return settings.ORGANISATION.name.text.removeprefix("the ")


def attribution() -> str:
    """Return the words that the licence asks users to show."""
    return f"Contains information from Walk and Talk, {publisher()}, licensed under the {LICENCE_NAME}."


def page_address(slug: str = "") -> str:
    """Return the public address of the page about all of London, or about the area with this slug."""
    return f"{settings.PUBLIC_URL}{PATH_OF_PAGES}{slug and f'{slug}/'}"


def file_address(name: str, *args: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse(f'open_data:{name}', args=args)}"


def about() -> dict[str, Any]:
    """Return the fields at the top of every JSON file."""
    return {
        "title": str(TITLE),
        "publisher": publisher(),
        "licence": LICENCE,
        "attribution": attribution(),
        "description_of_columns": file_address("figures_metadata"),
    }
