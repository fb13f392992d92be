"""An auditor keeps an officer off walks by keyboard alone. Her inspector reads “Not available”, and nothing of why."""

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [320, 1280])
def test_auditor_keeps_an_officer_off_walks_and_allows_them_again(visit, check_page, width):
    auditor, inspector = visit(width=width, keyboard=True), visit(width=1280)
    auditor.sign_in("auditor")
    auditor.go("/staff/audit/vetting/")
    auditor.fill(person="officer3.cn@example.com")
    auditor.press("Search")
    check_page(auditor)
    auditor.activate(auditor.page.locator(".govuk-list a[href^='/staff/audit/vetting/']").first)
    auditor.fill(reason="Case 31 of 2026")
    auditor.press("Keep them off walks")
    check_page(auditor)
    assert "is now kept off walks" in auditor.text

    inspector.sign_in("inspector.cn")
    inspector.go("/staff/duty/")
    while_kept_off = inspector.text.count("Not available")
    assert not [word for word in ("Case 31", "Auditor", "kept off") if word in inspector.text]

    auditor.activate(auditor.page.locator("main a[href$='/allow/']").first)
    auditor.fill(reason="Case 31 is closed")
    auditor.press("Allow them on walks again")
    inspector.go("/staff/duty/")
    assert while_kept_off > inspector.text.count("Not available")
