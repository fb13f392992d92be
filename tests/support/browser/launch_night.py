"""An inspector triages a full queue by keyboard, and what it costs her: page loads, and presses for each booking."""

from urllib.parse import urlsplit


class Triage:
    def __init__(self, inspector):
        self.inspector = inspector
        self.page = inspector.page
        self.loads = self.presses = 0
        self.page.on("request", self._count_load)

    def _count_load(self, request):
        is_page = request.is_navigation_request() and request.frame == self.page.main_frame
        self.loads += is_page and request.redirected_from is None and "sign-in" not in urlsplit(request.url).path

    def press_key(self, key):
        self.presses += 1
        self.page.keyboard.press(key)

    def open_page(self, key):
        with self.page.expect_navigation():
            self.press_key(key)

    def go(self, address):
        self.inspector.go(address)

    # --- Steps

    def assign_all(self):
        """In the queue, tick every row and assign all of them to herself."""
        self.inspector.reach(self.page.get_by_role("checkbox", name="Tick all on this page"))
        self.press_key("Space")
        self.open_page("c")
        self.inspector.reach(self.page.locator("main").get_by_role("button", name="Assign to me"))
        self.open_page("Enter")
        self.page.get_by_role("heading", name="assigned to you").wait_for()

    def open_first_to_schedule(self):
        """In the queue, open the form that schedules a walk for the first booking."""
        self.page.locator("[data-row]").first.wait_for()
        self.press_key("j")
        self.open_page("s")

    def schedule_and_open_next(self):
        """Accept the time, the place and the officers that the page suggests."""
        self.page.get_by_role("button", name="Schedule and next").wait_for()
        self.open_page("Control+Enter")
        self.page.get_by_text("Walk scheduled for").first.wait_for()
