"""The auditor's page of the security log, which fits the screen and axe finds nothing in."""

import pytest

pytestmark = pytest.mark.stack

LOG = "/staff/audit/security/"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_security_log_is_accessible_and_can_be_searched(visit, javascript):
    visit().sign_in("nobody")
    auditor = visit(javascript=javascript, width=320)
    auditor.sign_in("auditor")

    auditor.go(LOG)
    faults = auditor.faults_at_every_width()
    auditor.fill(person="Nemo")
    auditor.press("Search")
    faults += auditor.faults_at_every_width() + auditor.dead_error_links()
    auditor.go(LOG)
    auditor.fill(person="Ada Auditor")
    auditor.press("Search")
    faults += auditor.faults_at_every_width()

    assert faults == []
    assert "By or about" in auditor.text
    assert "Ada Auditor" in auditor.page.locator("tbody").inner_text()
