"""The place of a concern in the list from which it was opened, so that no step loses the tab and the filters."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.urls import reverse

from accounts.requests import OfficerRequest
from bookings.triage.queue.rows import get_wards
from boroughs.models.officers import Officer, OfficerQuerySet
from feedback.concerns.forms import FILTERS, ListForm
from feedback.models.concerns import Concern, ConcernQuerySet


def read_list_form(request: OfficerRequest) -> ListForm:
    """Return the tab and filters in the address. The choices are the wards and inspectors of her BCU."""
    user = request.user
    return ListForm.read(request.GET, wards=get_wards(user.bcu) if user.bcu else [], owners=list(_colleagues(user)))


def _colleagues(user: Officer) -> OfficerQuerySet:
    inspectors: OfficerQuerySet = Officer.objects.visible_to(user).filter(role=Officer.Role.INSPECTOR)
    return inspectors.order_by("name", "pk")


def listed(visible: ConcernQuerySet, form: ListForm, user: Officer) -> ConcernQuerySet:
    """Return the concerns of this tab that fit its filters."""
    return visible.for_tab(form.shown, user=user).filter(form.rows())


FROM, PLACE = "from", "place"


@dataclass
class ListPosition:
    """The list in the address of a concern's page. Without one, the page was opened from elsewhere."""

    request: OfficerRequest
    concern_pk: UUID

    @cached_property
    def form(self) -> ListForm | None:
        came_from_list = any(name in self.request.GET for name in ("show", *FILTERS))
        return read_list_form(self.request) if came_from_list else None

    @property
    def is_from_place(self) -> bool:
        """Whether the concern was opened from the page of its place, to which each step leads back."""
        return self.request.GET.get(FROM) == PLACE

    @property
    def query(self) -> str:
        """The query string for links, with its question mark, or ""."""
        if self.is_from_place:
            return f"?{FROM}={PLACE}"
        return f"?{self.form.address}" if self.form is not None else ""

    @property
    def list_address(self) -> str:
        return reverse("feedback:concerns") + self.query

    @property
    def concern_address(self) -> str:
        return self.address_of("concern")

    @property
    def improve_address(self) -> str:
        return self.address_of("improve")

    def address_of(self, name: str) -> str:
        """Return the address of a page of this concern."""
        return reverse(f"feedback:{name}", args=[self.concern_pk]) + self.query

    def neighbours(self, concern: Concern, visible: ConcernQuerySet) -> tuple[Concern | None, Concern | None]:
        """Return the concerns before and after this one in the list."""
        if self.form is None:
            return None, None
        return listed(visible, self.form, self.request.user).next_to(concern)
