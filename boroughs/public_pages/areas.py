"""Boroughs and BCUs as public pages, each with one address, which is printed on posters."""

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
    if borough := Borough.objects.select_related("bcu").filter(slug=slug).first():
        return area_of(borough)
    if bcu := BoroughCommandUnit.objects.exclude(slug="").filter(slug=slug).first():
        return Area(slug, bcu.name, bcu, tuple(bcu.boroughs.order_by("name")), is_bcu=True)
    return None


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
