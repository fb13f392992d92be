"""What inspectors and officers are asked."""

from uuid import UUID

from django import forms
from django.db.models import Q
from django.http import QueryDict

from bookings.models import ASKS_AGAIN, LEFT_WAITING, NOT_KNOWN_TO_KNOW, PASSED_UNANSWERED
from bookings.statuses import OPEN, Status


class QueueForm(forms.Form):
    """Which bookings the queue shows, and after which row."""

    SHOWN = {
        "open": ("All open", Q(status__in=sorted(OPEN))),
        "waiting": ("Waiting for an answer", Q(status__in=[Status.WAITING, Status.OFFERED])),
        "scheduled": ("Scheduled", Q(status=Status.SCHEDULED)),
        "asks_again": ("Asked for another time", ASKS_AGAIN),
        "passed": ("All her times passed", PASSED_UNANSWERED),
        "not_known": ("Cancelled, may not know", NOT_KNOWN_TO_KNOW),
        "left_waiting": ("Says that nobody came", LEFT_WAITING),
        "not_her": ("Said that it was not her", Q(status=Status.NOT_HER)),
    }

    state = forms.ChoiceField(label="Show", choices=[(code, label) for code, (label, _rows) in SHOWN.items()])
    after = forms.UUIDField(required=False)

    @classmethod
    def read(cls, data: QueryDict) -> "QueueForm":
        """An address that makes no sense shows the whole queue."""
        form = cls({"state": "open", **data.dict()})
        if form.is_valid():
            return form
        whole = cls({"state": "open"})
        whole.is_valid()
        return whole

    def rows(self) -> Q:
        return self.SHOWN[self.cleaned_data["state"]][1]


class AfterForm(forms.Form):
    """After which row a list goes on."""

    after = forms.UUIDField(required=False)

    def row(self) -> UUID | None:
        """An address that makes no sense shows the beginning."""
        return self.cleaned_data["after"] if self.is_valid() else None
