"""Nobody is auditor and inspector or administrator."""

import pytest
from django.db import models

from accounts.models import AdminLog, SecurityEvent
from audit.permissions import can_audit
from bookings.models.events import Event
from bookings.models.read_log import ReadLog
from boroughs.models.officers import Officer
from tests.support.factories import OfficerFactory
from tests.support.log_lines import add_line_to_every_log

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


@pytest.mark.parametrize("who", ["inspector", "officer", "lead", "administrator", "auditor"])
def test_only_an_auditor_reads_a_line_of_any_log(request, southwark, inspector, officer, who):
    add_line_to_every_log(southwark, inspector, officer)
    person = request.getfixturevalue(who)

    readable = {log for log in (ReadLog, Event, SecurityEvent, AdminLog) if log.objects.visible_to(person).exists()}

    assert readable == ({ReadLog, Event, SecurityEvent, AdminLog} if who == "auditor" else set())


def test_auditor_fetches_no_note_of_an_event(auditor, inspector, southwark, officer, django_assert_num_queries):
    add_line_to_every_log(southwark, inspector, officer)

    with django_assert_num_queries(1) as asked:
        list(Event.objects.visible_to(auditor))

    assert "eventnote" not in asked.captured_queries[0]["sql"]
