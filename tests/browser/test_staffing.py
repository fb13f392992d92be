"""An administrator sees what a BCU lacks, and checks the texts, in the admin's look of the staff pages."""

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 375])
def test_administrator_goes_from_staffing_to_the_lists_and_checks_a_contact(visit, check_page, width):
    administrator = visit(width=width)
    administrator.sign_in("admin")

    administrator.go("/staff/staffing/")
    check_page(administrator)
    assert "Still an example" in administrator.text

    for path in ("boroughs/officer/", "boroughs/boroughcommandunit/", "boroughs/helpcontact/"):
        administrator.go(f"/admin/{path}")
        page = administrator.page
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator(".staff-bar__home").is_visible()
        if width == 1280:
            table = page.locator("#changelist .results").evaluate("box => [box.scrollWidth, box.clientWidth]")
            assert table[0] <= table[1]

    administrator.page.get_by_role("link", name="Childline").click()
    administrator.page.get_by_role("button", name="I’ve checked this today").click()
    administrator.page.get_by_role("link", name="Childline").first.click()
    assert "Adele Administrator" in administrator.page.locator(".field-checker").inner_text()
