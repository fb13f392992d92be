"""The tab and the filters of the team's map."""

from collections.abc import Iterable

from django import forms
from django.http import QueryDict

from bookings.triage.queue.forms import QueueForm
from bookings.triage.queue.rows import WardOption
from feedback.staff_map.spots import Area


class MapForm(QueueForm):
    """The filters of the queue. Walks and concerns have only the borough and the ward."""

    SHOWN = {"requests": "Requests", "walks": "Walks", "concerns": "Concerns"}
    TABS = {code: tab for code, tab in QueueForm.TABS.items() if code != "problems"}
    STATES = TABS | QueueForm.PROBLEMS
    FIRST_TAB = "open"
    OF_AREAS = ("borough", "ward")
    use_required_attribute = False

    state = forms.ChoiceField(label="State", choices=[(code, label) for code, (label, _rows) in STATES.items()])
    show = forms.ChoiceField(choices=list(SHOWN.items()), required=False)

    @classmethod
    def read(cls, data: QueryDict, *, wards: Iterable[WardOption]) -> "MapForm":
        form = super().read(data, wards=wards)
        assert isinstance(form, MapForm)  # noqa: S101  # made of this class
        form.fields["state"].choices = form.states  # type: ignore[attr-defined]
        return form

    @property
    def shown(self) -> str:
        return str(self.cleaned_data.get("show") or "requests")

    @property
    def line(self) -> list[forms.BoundField]:
        return [self["state"], *super().line] if self.shown == "requests" else [self[name] for name in self.OF_AREAS]

    def area(self, ward_gss: str, borough_gss: str) -> Area:
        """Return the area of a row. A booking for which the reader is nominated may be in another BCU."""
        boroughs = {code for code, _name in self.fields["borough"].choices}  # type: ignore[attr-defined]
        return Area(ward_gss, borough_gss, is_on_map=not borough_gss or borough_gss in boroughs)

    @property
    def states(self) -> list[tuple[str, str]]:
        """The tabs of the queue, and the kind of problem that is shown."""
        codes = dict.fromkeys([*self.TABS, self.state_now])
        return [(code, self.STATES[code][0]) for code in codes]
