"""One administrator proposes by keyboard alone, another agrees on a phone, and the person is signed out."""

import pytest

from tests.support.browser.received_mail import get_text

pytestmark = pytest.mark.browser


def test_two_administrators_change_a_role(visit, check_page, stack):
    officer, first = visit(width=1280), visit(width=1280, keyboard=True)
    officer.sign_in("officer3.as")
    first.sign_in("admin")
    first.go("/admin/boroughs/officer/?q=officer3.as")
    first.activate(first.page.locator("#result_list tbody th a"))
    first.activate(first.page.get_by_role("link", name="Change role, work email or walks"))
    first.choose("Inspector")
    first.fill(reason="She was promoted")
    first.press("Propose this")
    first.page.get_by_text("The other administrators are asked").wait_for()
    check_page(first)

    second = visit(width=375)
    second.sign_in("admin2")
    second.go("/staff/today/administrator/")
    check_page(second)
    second.page.get_by_role("link", name="Look at it").click()
    check_page(second)
    assert "She was promoted" in second.text
    second.page.get_by_role("button", name="I’ve checked, and I agree").click()
    second.page.get_by_text("You agreed").wait_for()

    officer.go("/staff/walks/")
    assert officer.page.url.endswith("/staff/sign-in/?next=/staff/walks/")
    told = get_text(stack.wait_for_mail(to="officer3.as@example.com", subject="A change was made that concerns you"))
    assert "Role: changed from Officer to Inspector" in told
