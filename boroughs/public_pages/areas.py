"""Boroughs and BCUs as public pages, each with one address, which is printed on posters."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db.models import Max
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from boroughs.models.bcus import Borough, BoroughCommandUnit


@dataclass(frozen=True)
class Area:
    """A borough, or a BCU with its boroughs."""

    slug: str
    name: str
    bcu: BoroughCommandUnit | None  # None if another force polices the area
    boroughs: tuple[Borough, ...]
    is_bcu: bool

    @property
    def where(self) -> str:
        """The names of the boroughs, because few people know the name of a BCU."""
        return get_text_list([borough.name for borough in self.boroughs], _("and"))

    @property
    def force(self) -> str:
        return self.boroughs[0].force if self.boroughs else ""


def find_area(slug: str) -> Area | None:
    return pick_area(all_boroughs(), slug)


def pick_area(boroughs: Sequence[Borough], slug: str) -> Area | None:
    """Return the borough or BCU with that slug, of all boroughs with their BCUs."""
    for borough in boroughs:
        if borough.slug == slug:
            return area_of(borough)
    of_bcu = tuple(borough for borough in boroughs if borough.bcu and borough.bcu.slug == slug)
    bcu = of_bcu[0].bcu if of_bcu else None
    return Area(slug, bcu.name, bcu, of_bcu, is_bcu=True) if bcu else None


def area_of(borough: Borough) -> Area:
    return Area(borough.slug, borough.name, borough.bcu, (borough,), is_bcu=False)


def short_address(address: str) -> str:
    """Return the shortest address to type: browsers add the scheme, and we add the last slash."""
    parts = urlsplit(address)
    return f"{parts.netloc}{parts.path}".rstrip("/")


def all_boroughs() -> list[Borough]:
    return list(Borough.objects.select_related("bcu").order_by("name"))


def slowest_answer_days() -> int:
    """Return the working days within which every BCU answers."""
    slowest: int | None = BoroughCommandUnit.objects.aggregate(days=Max("answer_working_days"))["days"]
    return slowest or BoroughCommandUnit().answer_working_days  # the initial value


def all_units() -> list[BoroughCommandUnit]:
    return list(BoroughCommandUnit.objects.exclude(slug="").order_by("name"))
