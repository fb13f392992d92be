"""A person with a browser, which collects complaints about the pages."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT

HEIGHT = 800
FAR = 80  # more Tab stops than any page has
WIDTHS = (320, 375, 1280)  # an old phone, or a desktop at 400% zoom; a modern phone; a desktop
STAFF_WIDTHS = (320, 768, 1280, 1600)  # an officer's phone, a tablet, a desktop and a wide one
LIKE_ANOTHER = {WIDTHS: 375, STAFF_WIDTHS: 1280}  # its layout is that of 320, or of 1600, so axe need not look twice
REFUSED = re.compile("the server responded with a status of (?:4|503)")
AXE_OPTIONS = {"resultTypes": ["violations"]}
# Returns the fault of the focused element: it has no outline or shadow (for a radio button or checkbox, on the mark
# drawn beside it), or something covers it and its label. Returns null if nothing has focus.
WRONG_FOCUS = """() => {
    const here = document.activeElement, labels = [...(here.labels || [])]
    if (here === document.body) return null
    const marks = [getComputedStyle(here), getComputedStyle(here.nextElementSibling || here, "::before")]
    const outlined = mark => mark.outlineStyle !== "none" && parseFloat(mark.outlineWidth) > 0
    const isSeen = marks.some(mark => outlined(mark) || mark.boxShadow !== "none")
    const isOnTop = [...here.getClientRects()].some(box => [0.1, 0.5, 0.9].some(part => {
        const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height * part)
        return top && (here.contains(top) || labels.some(label => label.contains(top)))
    }))
    return isSeen && isOnTop ? "" : (isSeen ? "covered: " : "not seen: ") + here.outerHTML.slice(0, 90)
}"""
# Measured from the corner of the box around all lines, as Playwright expects.
MIDDLE_OF_FIRST_LINE = """target => {
    const box = target.getBoundingClientRect(), line = target.getClientRects()[0]
    return {x: line.x - box.x + line.width / 2, y: line.y - box.y + line.height / 2}
}"""
# Without one-pixel controls, which come into view on focus, and without the hidden honeypot.
COVERED_CONTROLS = """() => {
    const controls = [...document.querySelectorAll("a[href], button, summary, select, textarea, input")]
    const isCovered = control => {
        control.scrollIntoView({block: "center", inline: "center", behavior: "instant"})
        const line = control.getClientRects()[0], labels = [...(control.labels || [])]
        const top = document.elementFromPoint(line.x + line.width / 2, line.y + line.height / 2)
        return ![control, ...labels].some(part => part.contains(top))
    }
    const isShown = control => control.checkVisibility({visibilityProperty: true}) && control.offsetWidth > 1
        && !control.closest("[aria-hidden=true]")
    const covered = controls.filter(isShown).filter(isCovered).map(control => control.outerHTML.slice(0, 90))
    scrollTo(0, 0)
    return covered
}"""


class Visitor:
    def __init__(
        self, chromium, stack, *, javascript=True, width=1280, host=None, keyboard=False, dark=False, other_hosts=()
    ):
        """Open a browser. With `keyboard` there is no pointer, so that Tab must reach each control and show focus.

        It complains about requests to hosts that are neither ours nor `other_hosts`.
        """
        self.stack = stack
        self.other_hosts = set(other_hosts)
        self.javascript = javascript
        self.keyboard = keyboard
        self.complaints = []
        self.context = chromium.new_context(
            java_script_enabled=javascript,
            viewport={"width": width, "height": HEIGHT},
            base_url=host or stack.url,
            locale="en-GB",
            color_scheme="dark" if dark else "light",
            timezone_id="Europe/London",
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("request", self._check_host)
        self.page.on("console", self._check_console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))

    def close(self):
        self.context.close()

    def _check_host(self, request):
        ours = {urlsplit(self.stack.url).netloc, urlsplit(self.stack.discreet_url).netloc}
        if urlsplit(request.url).netloc not in ours | self.other_hosts:
            self.complaints.append(f"request to another host: {request.url}")

    def _check_console(self, message):
        # A page that refuses a form answers 422 or 409, or 503 to ask to wait. Chromium reports these as failed loads.
        if message.type in ("error", "warning") and not REFUSED.search(message.text):
            self.complaints.append(f"console: {message.text}")

    # --- Actions

    def go(self, address):
        return self.page.goto(address)

    def fill(self, **fields):
        for name, value in fields.items():
            field = self.page.locator(f"[name='{name}']")
            if self.keyboard:
                self.reach(field)
                self.page.keyboard.press("Control+A")
                self.page.keyboard.type(value)
            else:
                field.fill(value)

    def fill_date(self, name, date, start):
        parts = {"day": date.day, "month": date.month, "year": date.year}
        self.fill(**{f"{name}_date_{part}": str(value) for part, value in parts.items()}, **{f"{name}_start": start})

    def choose(self, *labels):
        for label in labels:
            self.tick(self.page.get_by_label(label, exact=True))

    def tick(self, box, *, on=True):
        """Select or clear a radio button or checkbox. On the keyboard, arrows move between radio buttons."""
        if not self.keyboard:
            box.set_checked(on)
        elif box.is_checked() is not on:
            is_circle = box.get_attribute("type") == "radio"
            self.reach(self.page.locator(f"[name='{box.get_attribute('name')}']") if is_circle else box)
            self.page.keyboard.press("Space")
            for _ in range(FAR):
                if box.is_checked() is on:
                    break
                self.page.keyboard.press("ArrowDown")

    def pick(self, label, option):
        """Choose an option from a list."""
        listed = self.page.get_by_label(label, exact=True).and_(self.page.locator("select"))
        if self.keyboard:
            self.reach(listed)
            self.page.keyboard.type(option)
        else:
            listed.select_option(label=option)

    def press(self, button):
        self._unfold_around("button", button)
        self.activate(self.page.get_by_role("button", name=button))

    def follow(self, link):
        self._unfold_around("link", link)
        self.activate(self.page.get_by_role("link", name=link))

    def activate(self, target):
        """Use a button or link that opens a page."""
        if not self.keyboard:
            click_first_line(target)
            return
        self.reach(target)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def _unfold_around(self, role, name):
        """Open the fold that hides this control, as a person would."""
        self.page.wait_for_load_state()
        hidden = self.page.get_by_role(role, name=name, include_hidden=True)
        fold = self.page.locator("details:not([open])").filter(has=hidden)
        if fold.count() and not self.page.get_by_role(role, name=name).count():
            self._toggle(fold.first.locator("summary"))

    def unfold(self):
        """Open every fold of the page, to read what is in them."""
        self.page.wait_for_load_state()
        while (closed := self.page.locator("main details:not([open]) > summary")).count():
            self._toggle(closed.first)

    def open_details(self, summary):
        """Open a details element."""
        self._toggle(self.page.locator("summary", has_text=summary))

    def _toggle(self, heading):
        if self.keyboard:
            self.reach(heading)
            self.page.keyboard.press("Enter")
        else:
            click_first_line(heading)

    def reach(self, target):
        """Press Tab until the target, or one of several, has focus."""
        for _ in range(FAR):
            if target.evaluate_all("elements => elements.includes(document.activeElement)"):
                return
            self.tab()
        raise AssertionError(f"{self.path}: no way to {target} with Tab")

    def tab(self):
        """Press Tab, and check that the focus can be seen. Return false if the page has no further stop."""
        self.page.keyboard.press("Tab")
        if wrong := self.page.evaluate(WRONG_FOCUS):
            self.complaints.append(f"{self.path}: focus {wrong}")
        return wrong is not None

    # --- Reading the page

    @property
    def heading(self):
        return self.page.locator("h1").inner_text()

    @property
    def text(self):
        self.page.wait_for_load_state()  # while a page loads, only its top could be read
        return self.page.locator("body").inner_text()

    @property
    def path(self):
        return urlsplit(self.page.url).path

    def keep_picture(self, name):
        """Save a screenshot for the README, if SCREENSHOTS names a folder."""
        if folder := os.environ.get("SCREENSHOTS"):
            self.page.screenshot(path=Path(folder) / f"{name}.png")

    def sign_in(self, user, password="walk-and-talk-demo"):
        self.go("/staff/sign-in/")
        self.fill(username=f"{user}@example.com", password=password)
        self.press_sign_in()

    def press_sign_in(self):
        """Press the button of the password. Another signs in with a passkey."""
        self.activate(self.page.get_by_role("button", name="Sign in", exact=True))

    # --- Faults of the page

    def axe_violations(self):
        """Return the violations that axe finds on this page. Needs JavaScript."""
        self.page.wait_for_load_state()
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        violations = self.page.evaluate("async options => (await axe.run(options)).violations", AXE_OPTIONS)
        return [
            f"{self.path}: {violation['id']}: {node['html']}" for violation in violations for node in violation["nodes"]
        ]

    def faults_at_every_width(self):
        """Return the faults at each width: a page wider than the screen, covered controls, and what axe finds."""
        own_size, faults = self.page.viewport_size, []
        widths = STAFF_WIDTHS if self.path.startswith("/staff/") else WIDTHS
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            faults += [f"{width} px: {fault}" for fault in self.wider_than_the_screen() + self.covered_controls()]
            if self.javascript and width != LIKE_ANOTHER[widths]:
                faults += [f"{width} px: {fault}" for fault in self.axe_violations()]
        self.page.set_viewport_size(own_size)
        return faults

    def dead_error_links(self):
        """Return links of the error summary that don't move focus to their input. There must be at least one link."""
        links = self.page.locator(".govuk-error-summary a")
        dead_links = [] if links.count() else [f"{self.path}: no error summary with links"]
        for link in links.all():
            target = link.get_attribute("href").removeprefix("#")
            click_first_line(link)
            if self.page.evaluate("document.activeElement.id") != target:
                dead_links.append(f"{self.path}: {link.inner_text()} -> {target}")
        return dead_links

    def wider_than_the_screen(self):
        self.page.wait_for_load_state()  # a page that is still loading has nothing to measure
        width = self.page.evaluate("document.documentElement.scrollWidth")
        return [f"{self.path} is {width} px wide"] if width > self.page.viewport_size["width"] else []

    def covered_controls(self):
        """Return links, buttons and fields that are covered at the point where a person would click."""
        return [f"{self.path}: covered: {control}" for control in self.page.evaluate(COVERED_CONTROLS)]

    def links_below(self, address):
        """Return the addresses below this one to which the page links."""
        links = self.page.locator("main a[href]").evaluate_all("links => links.map(link => link.pathname)")
        here = urlsplit(address).path
        return sorted({path for path in links if path.startswith(here) and path != here})

    def sends_a_form(self):
        return self.page.locator("main form[method=post] .govuk-label").count() > 0

    def empty_the_form(self):
        """Clear the main form of the page and send it."""
        form = self.page.locator("main form[method=post]", has=self.page.locator(".govuk-label")).last
        for field in form.locator("input[type=text], input[type=number], textarea").all():
            if field.is_visible():
                field.fill("")
        for box in form.locator("input[type=checkbox]").all():
            box.uncheck()
        click_first_line(form.get_by_role("button").last)


def click_first_line(target):
    """Click the middle of the first line, because the middle of a wrapped link may be next to its text."""
    place = target.evaluate(MIDDLE_OF_FIRST_LINE)
    target.click(position=place)
