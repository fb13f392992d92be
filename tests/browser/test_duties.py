"""Duties: a weekly pattern, a day of leave, and an import that is previewed before it is saved."""

import datetime

import pytest

from walkandtalk.lib import london

pytestmark = pytest.mark.stack


def test_duties_are_set_by_week_by_day_and_by_import(visit, team, check_page):
    team.make_booking()
    day = london.today() + datetime.timedelta(days=7)
    week = f"/staff/duty/?week={day}"
    officer, inspector = visit(width=320), visit()
    officer.sign_in("officer.se")
    officer.go("/staff/duty/")
    officer.press("Change the weekly pattern")
    officer.fill(**{f"day_{day.weekday()}": "2pm to 10pm"})
    check_page(officer)
    officer.press("Save the weekly pattern")
    officer.press("Enter leave")
    officer.fill(first_day=str(day.day), first_month=str(day.month), first_year=str(day.year))
    check_page(officer)
    officer.press("Save these days")
    check_page(officer)

    inspector.sign_in("inspector.se")
    inspector.go("/staff/duty/import/")
    inspector.fill(text=f"602SE, {day}, 07:00-15:00\n999SE, {day}, off")
    inspector.press("Preview")
    error_page = inspector.text
    check_page(inspector)
    inspector.fill(text=f"602SE, {day}, 07:00-15:00")
    inspector.press("Preview")
    check_page(inspector)
    previous_text = inspector.page.request.get(week).text()
    inspector.press("Save these days")
    inspector.go(week)
    check_page(inspector)

    assert "Nothing is saved." in error_page
    assert "7am to 3pm" not in previous_text
    assert "Leave" in inspector.page.get_by_role("row", name="Rosa Reed").inner_text()
    assert "7am to 3pm" in inspector.page.get_by_role("row", name="Tamsin Tull").inner_text()
