"""The search in the bar of every staff page, with the keyboard alone and without JavaScript."""

import pytest

pytestmark = pytest.mark.stack


@pytest.mark.parametrize(("width", "javascript"), [(320, False), (1280, True)])
def test_booking_is_found_by_first_name_with_the_keyboard(visit, team, width, javascript):
    made = team.make_booking(name="Amina", booking_count=2)
    inspector = visit(width=width, keyboard=True, javascript=javascript)
    inspector.sign_in("inspector.se")
    rows = inspector.page.locator(".queue tbody tr")

    inspector.fill(words="amina greenwich")
    with inspector.page.expect_navigation():
        inspector.page.keyboard.press("Enter")
    found, address = rows.count(), inspector.path
    faults = inspector.wider_than_the_screen() + (inspector.axe_violations() if javascript else [])
    inspector.activate(rows.locator(f"a[href='/staff/bookings/{made.booking}/']").first)
    opened = inspector.path
    inspector.page.go_back()
    inspector.page.wait_for_load_state()

    assert (found, address) == (2, "/staff/bookings/find/")
    assert opened == f"/staff/bookings/{made.booking}/"
    assert (inspector.path, rows.count()) == ("/staff/bookings/find/", 2)
    assert "Amina" in inspector.text
    assert faults == []


def test_results_and_an_empty_search_have_no_fault_at_any_width(visit, team, check_page):
    team.make_booking(name="Amina")
    inspector = visit()
    inspector.sign_in("inspector.se")

    for words in ("Amina", "Zebedee", "?"):
        box = inspector.page.locator("#staff-search")
        box.fill(words)
        with inspector.page.expect_navigation():
            box.press("Enter")
        check_page(inspector)
