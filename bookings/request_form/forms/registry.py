"""The form for each question."""

from bookings.request_form.forms.adding import (
    AboutForm,
    CompanionsForm,
    RestrictedForm,
    RouteForm,
    ShareWithPartnersForm,
)
from bookings.request_form.forms.age import AccompaniedForm, AgeForm
from bookings.request_form.forms.area import AreaForm
from bookings.request_form.forms.basics import NameForm, NeedsForm
from bookings.request_form.forms.contact import PinForm, ReachForm
from bookings.request_form.forms.meeting import MeetingPlaceForm
from bookings.request_form.forms.pick_times import PickTimesForm
from bookings.request_form.forms.question import QuestionForm

FORMS: dict[str, type[QuestionForm]] = {
    "age": AgeForm,
    "area": AreaForm,
    "accompanied": AccompaniedForm,
    "meeting-place": MeetingPlaceForm,
    "when": PickTimesForm,
    "name": NameForm,
    "contact": ReachForm,
    "pin": PinForm,
    "needs": NeedsForm,
    "route": RouteForm,
    "about": AboutForm,
    "company": CompanionsForm,
    "passing-on": ShareWithPartnersForm,
    "restricted": RestrictedForm,
}
"""Forms by their URL. `start` has its own view, because we begin to save answers there."""
