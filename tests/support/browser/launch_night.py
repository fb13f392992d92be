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

    def assign_first(self):
        """In the queue, assign the first booking to herself. Her browser then shows it."""
        self.page.locator("[data-row]").first.wait_for()
        self.press_key("j")
        self.open_page("c")

    def open_schedule(self):
        """From the page of a booking, open the form that schedules a walk at the requester's first time."""
        self.inspector.reach(self.page.get_by_role("button", name="Schedule a walk"))
        self.open_page("Enter")

    def choose_two_officers(self):
        boxes = self.page.locator("input[name=officers]")
        for number in range(2):
            self.inspector.reach(boxes.nth(number))
            self.press_key("Space")

    def send(self):
        self.inspector.reach(self.page.get_by_role("button", name="Schedule this walk", exact=True))
        self.open_page("Enter")
