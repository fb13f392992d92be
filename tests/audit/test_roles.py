"""Nobody is auditor and inspector or administrator."""

import pytest
from django.db import models

from audit.permissions import can_audit
from boroughs.models.officers import Officer
from tests.support.factories import OfficerFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Officer.Role.values)
def test_one_role_a_person_and_only_the_auditors_reads_the_logs(bcu, role):
    person = OfficerFactory(bcu=bcu, role=role)

    field = Officer._meta.get_field("role")
    assert isinstance(field, models.CharField)
    assert can_audit(person) is (role == "auditor")
    assert person.is_staff is (role == "administrator")


def test_auditor_who_was_deactivated_reads_nothing(auditor):
    auditor.is_active = False

    assert not can_audit(auditor)


def test_auditor_opens_no_page_of_inspectors_officers_or_administrators(as_auditor, booking):
    pages = ["/staff/bookings/", f"/staff/bookings/{booking.pk}/", "/staff/walks/", "/staff/calendar/", "/admin/"]

    answers = [as_auditor.get(page).status_code for page in pages]

    assert answers == [403, 404, 403, 403, 302]
