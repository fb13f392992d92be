"""The areas that can be followed, each with the public page that an update leads to."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from boroughs.public_pages.areas import all_boroughs, all_units

LONDON = "london"


@dataclass(frozen=True)
class FollowablePage:
    slug: str
    name: str

    @property
    def address(self) -> str:
        return f"{settings.PUBLIC_URL}{path_of(self.slug)}"


def path_of(slug: str) -> str:
    """Return the public path of the page about this area, or about London."""
    # Name the URL configuration: a request to the neutral host has another one.
    if slug == LONDON:
        return reverse("what_women_told_us:london", urlconf=settings.ROOT_URLCONF)
    return reverse("what_women_told_us:area", urlconf=settings.ROOT_URLCONF, args=[slug])


def followable_pages() -> list[FollowablePage]:
    """Return London, the boroughs whose figures we publish, and the BCUs with their boroughs, in two queries."""
    boroughs = [borough for borough in all_boroughs() if borough.bcu_id is not None]
    pages = [FollowablePage(LONDON, _("All of London"))]
    pages += [FollowablePage(borough.slug, borough.name) for borough in boroughs]
    for unit in all_units():
        where = get_text_list([borough.name for borough in boroughs if borough.bcu_id == unit.pk], _("and"))
        pages.append(FollowablePage(unit.slug, f"{unit.name}: {where}"))
    return pages


def pages_of(slugs: list[str]) -> list[FollowablePage]:
    """Return the pages of these areas. An area that is gone leads to London's page."""
    by_slug = {page.slug: page for page in followable_pages()}
    return list(dict.fromkeys(by_slug.get(slug, by_slug[LONDON]) for slug in slugs))
