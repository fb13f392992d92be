"""Duties: a weekly pattern, leave, a month, and an import that is previewed before it is saved."""

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
    officer.press("Save this leave")
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


def test_import_preview_shows_every_column_on_a_small_phone(visit, team, check_page):
    team.make_walk()
    day = london.today() + datetime.timedelta(days=10)  # the day of the walk
    inspector = visit(width=320)
    inspector.sign_in("inspector.se")
    inspector.go("/staff/duty/import/")

    inspector.fill(text=f"601SE, {day}, leave\n603SE, {day}, holiday")
    inspector.press("Preview")
    unknown_word = inspector.text
    inspector.fill(text=f"601SE, {day}, leave")
    inspector.press("Preview")
    check_page(inspector)
    cells = inspector.page.locator(".cards-table tbody tr").locator("th, td")

    assert "We don’t know the word “holiday”" in unknown_word
    assert "“leave”" in unknown_word
    assert all(cell.is_visible() for cell in cells.all())
    assert all(cell.bounding_box()["x"] + cell.bounding_box()["width"] <= 320 for cell in cells.all())
    assert "Walk 6:30pm to 7:30pm" in cells.last.inner_text()
    assert "Rosa Reed" in inspector.page.locator("#collisions + ul").inner_text()
    assert inspector.page.get_by_role("button", name="Save anyway").is_visible()


def test_month_of_duties_is_a_grid_or_cards(visit, team, width):
    team.make_walk()
    day = london.today() + datetime.timedelta(days=10)
    inspector = visit(width=width, javascript=False)
    inspector.sign_in("inspector.se")

    inspector.go("/staff/duty/")
    inspector.follow("Month")
    inspector.go(f"/staff/duty/?month={day:%Y-%m}")
    grid, cards = inspector.page.locator(".month"), inspector.page.locator(".month-card").first
    shown = [grid.is_visible(), cards.is_visible()]

    assert shown == ([False, True] if width == 320 else [True, False])
    assert inspector.heading.endswith(f"{day:%B %Y}")
    assert "Walk 6:30pm" in (cards if width == 320 else grid).inner_text()
    assert inspector.wider_than_the_screen() == []


def test_month_of_duties_has_no_faults(visit, team, check_page):
    team.make_walk()
    inspector = visit()
    inspector.sign_in("inspector.se")
    inspector.go(f"/staff/duty/?month={london.today():%Y-%m}")

    check_page(inspector)


def test_leave_over_a_walk_is_saved_after_the_walk_was_named(visit, team):
    team.make_walk()
    first, last = (london.today() + datetime.timedelta(days=number) for number in (9, 11))
    officer = visit(width=320, javascript=False)
    officer.sign_in("officer.se")
    officer.go("/staff/duty/")
    officer.press("Enter leave")

    for name, day in (("first", first), ("last", last)):
        officer.fill(**{f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)})
    officer.press("Save this leave")
    named = officer.text
    officer.press("Save anyway")

    assert "Nothing is saved yet: 1 walk on these days" in named
    assert "3 days saved." in officer.text
