"""The form for each question."""

from bookings.request_form.forms.adding import (
    AboutForm,
    CompanionsForm,
    RestrictedForm,
    RouteForm,
    ShareWithPartnersForm,
)
from bookings.request_form.forms.age import AccompaniedForm, AgeForm
from bookings.request_form.forms.area import AreaForm, NotSureForm
from bookings.request_form.forms.basics import NameForm, NeedsForm
from bookings.request_form.forms.contact import ContactForm, PinForm
from bookings.request_form.forms.meeting import MeetingPlaceForm
from bookings.request_form.forms.question import QuestionForm
from bookings.request_form.forms.when import WhenForm

FORMS: dict[str, type[QuestionForm]] = {
    "age": AgeForm,
    "area": AreaForm,
    "not-sure": NotSureForm,
    "accompanied": AccompaniedForm,
    "meeting-place": MeetingPlaceForm,
    "when": WhenForm,
    "name": NameForm,
    "contact": ContactForm,
    "pin": PinForm,
    "needs": NeedsForm,
    "route": RouteForm,
    "about": AboutForm,
    "company": CompanionsForm,
    "passing-on": ShareWithPartnersForm,
    "restricted": RestrictedForm,
}
"""Forms by their URL. `start` has its own view, because we begin to save answers there."""
