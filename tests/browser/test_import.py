"""An administrator adds 25 officers from a spreadsheet, and a second one lets them lead walks."""

import pytest

from tests.support.people_files import as_xlsx, good_rows

pytestmark = pytest.mark.stack

MOST_CLICKS = 5


class Clicks:
    """Counts what one person presses."""

    def __init__(self, visitor):
        self.visitor = visitor
        self.count = 0

    def follow(self, link):
        self.visitor.follow(link)
        self.count += 1

    def press(self, button):
        self.visitor.press(button)
        self.count += 1

    def choose_file(self, content):
        """Choose a file: a click that opens the dialogue of the system, where the file is picked."""
        with self.visitor.page.expect_file_chooser() as dialogue:
            self.visitor.page.locator("[name=file]").click()
        dialogue.value.set_files({"name": "people.xlsx", "mimeType": "application/zip", "buffer": content})
        self.count += 1


def test_administrator_adds_25_officers_in_few_clicks(visit, check_page):
    first, second = visit(), visit()
    first.sign_in("admin")
    clicks = Clicks(first)

    clicks.follow("Add people from a file")
    check_page(first)
    clicks.choose_file(as_xlsx(good_rows(bcu="CN", leads_walks="yes")))
    clicks.press("Check the file")
    first.page.get_by_text("25 new, 0 changed, 0 the same").wait_for()
    check_page(first)
    first.fill(reason="The new team of Camden")
    clicks.press("Import 25 people")
    first.page.get_by_text("25 officers added").wait_for()
    check_page(first)
    proposal = first.path

    second.sign_in("admin2")
    second.go(proposal)
    second.press("I’ve checked, and I agree")
    second.page.get_by_text("You agreed").wait_for()

    assert clicks.count == 4 <= MOST_CLICKS


def test_administrator_reads_what_is_wrong_moves_and_downloads(visit, check_page):
    administrator = visit()
    administrator.sign_in("admin")
    administrator.go("/staff/people/import/")
    wrong = ["nobody", "", "Wizard", "1", "Atlantis", "king", "maybe"]
    Clicks(administrator).choose_file(as_xlsx([wrong]))
    administrator.press("Check the file")
    administrator.page.get_by_text("1 line to correct").wait_for()
    check_page(administrator)

    administrator.go("/admin/boroughs/officer/?q=officer2.as")
    administrator.page.locator("[name=_selected_action]").first.check()
    administrator.page.locator("[name=action]").select_option("move")
    administrator.press("Go")
    administrator.page.get_by_text("Which BCU do they move to?").wait_for()
    check_page(administrator)
    administrator.go(administrator.page.url.replace("/move/", "/close/"))
    check_page(administrator)
    administrator.go(administrator.page.url.replace("/close/", "/lead-walks/"))
    check_page(administrator)

    administrator.go("/admin/boroughs/officer/?role__exact=officer")
    administrator.follow("Download this list")
    check_page(administrator)
    administrator.fill(reason="The yearly check of accounts")
    with administrator.page.expect_download() as download:
        administrator.press("Download")
    assert "officer.as@example.com" in download.value.path().read_text(encoding="utf-8-sig")
