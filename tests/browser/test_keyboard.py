"""Asking and walking with the keyboard alone, and 400 % zoom: focus is seen, and nothing lies over what has it."""

import pytest

from tests.browser.test_pages import PUBLIC
from tests.browser.test_story import ask_for_a_walk, day_of_her_own
from tests.browser.visitor import FAR

pytestmark = pytest.mark.stack

# Seen by an outline or a shadow; of a circle or a box, on the mark drawn beside it.
FOCUS_IS_SEEN = """() => {
    const here = document.activeElement
    const marks = [getComputedStyle(here), getComputedStyle(here.nextElementSibling || here, "::before")]
    const outlined = mark => mark.outlineStyle !== "none" && parseFloat(mark.outlineWidth) > 0
    return marks.some(mark => outlined(mark) || mark.boxShadow !== "none")
}"""
# Of what has focus (or its label) some part is on top, within the screen; else something lies over all of it.
COVERED = """() => {
    const here = document.activeElement, labels = [...(here.labels || [])]
    const ours = [...here.getClientRects()].some(box => [0.1, 0.5, 0.9].some(part => {
        const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height * part)
        return top && (here.contains(top) || labels.some(label => label.contains(top)))
    }))
    return ours ? "" : here.outerHTML.slice(0, 90)
}"""


class Keys:
    """Tab, Space, Enter, the arrows and letters. No pointer."""

    def __init__(self, woman):
        self.woman, self.page = woman, woman.page
        self.unseen = []

    def press(self, key):
        self.page.keyboard.press(key)

    def tab(self):
        self.press("Tab")
        if not self.page.evaluate(FOCUS_IS_SEEN):
            self.unseen.append(f"{self.woman.path}: {self.page.evaluate('document.activeElement.outerHTML')[:90]}")

    def reach(self, selector):
        """Tab until it has focus."""
        for _ in range(FAR):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            self.tab()
        raise AssertionError(f"{self.woman.path}: no way to {selector} with Tab")

    def type(self, selector, text):
        self.reach(selector)
        self.page.keyboard.type(text)

    def choose(self, name, *, down=0):
        """The first of these circles, or the one so many further down."""
        self.reach(f"[name={name}]")
        for _ in range(down):
            self.press("ArrowDown")
        if not down:
            self.press("Space")

    def tick(self, name, value):
        self.reach(f"[name={name}][value={value}]")
        self.press("Space")

    def go_on(self):
        here = self.page.url
        self.reach("main form button[type=submit]:not([name]):not([data-hidden])")
        self.press("Enter")
        self.page.wait_for_url(lambda url: url != here)


@pytest.mark.parametrize("width", [320, 1280])
def test_straight_way_with_the_keyboard_alone(visit, width):
    woman = visit(width=width)
    keys, day = Keys(woman), day_of_her_own()
    woman.go("/")

    keys.reach("a.govuk-button--start")
    keys.press("Enter")
    woman.page.wait_for_url("**/request/")
    keys.choose("danger", down=1)
    keys.go_on()
    keys.choose("adult")
    keys.go_on()
    keys.choose("how", down=1)
    keys.type("[name=postcode]", "SE15 4QL")
    keys.go_on()
    keys.choose("how")
    keys.type("[name=place]", "Peckham Rye station")
    keys.go_on()
    for part in ("day", "month", "year"):
        keys.type(f"[name=first_date_{part}]", str(getattr(day, part)))
    keys.type("[name=first_start]", "6:30pm")
    keys.go_on()
    keys.type("[name=name]", "Maya")
    keys.go_on()
    keys.choose("channel")
    keys.type("[name=email]", "keys@example.com")
    keys.go_on()
    keys.tick("needs", "nothing")
    keys.go_on()
    assert woman.heading == "Check your answers"
    keys.go_on()

    assert woman.path == "/request/sent/"
    assert keys.unseen == []


def test_officer_walks_with_the_keyboard_alone(visit, team, width):
    board = team.a_walk(in_minutes=-12)
    officer = visit(width=width)
    keys = Keys(officer)
    officer.sign_in("officer.se")
    officer.go(f"/staff/walks/{board.walk}/")

    for button in ("on-my-way", "here", "start"):
        keys.reach(f"form[action$='/{button}/'] button")
        keys.press("Enter")
        officer.page.get_by_role("alert").wait_for()
        officer.go(f"/staff/walks/{board.walk}/")
    keys.reach("a[href$='/called-away/']")
    keys.press("Space")
    officer.page.wait_for_url("**/called-away/")
    keys.choose("where")
    keys.go_on()

    assert "Now ring 020 7946 0601" in officer.text
    assert keys.unseen == []


def test_inspector_schedules_with_the_keyboard_alone(visit, team, width):
    board = team.a_booking()
    inspector = visit(width=width)
    keys = Keys(inspector)
    inspector.sign_in("inspector.se")
    inspector.go("/staff/bookings/")

    keys.reach("details:has([name=unread]) summary")
    keys.press("Enter")
    keys.reach("[name=unread]")
    keys.press("Space")
    keys.reach("form[method=get] button")
    keys.press("Enter")
    inspector.page.wait_for_url("**unread=on**")
    keys.reach(f"a[href='/staff/bookings/{board.booking}/']")
    keys.press("Enter")
    inspector.page.wait_for_url(f"**/{board.booking}/")
    keys.reach("a[href$='/schedule/']")
    keys.press("Enter")
    inspector.page.wait_for_url("**/schedule/**")
    keys.type("[name=meeting_place]", ", by the clock")
    keys.reach("[name=officers]")
    keys.press("Space")
    keys.tab()
    keys.press("Space")
    keys.go_on()
    keys.reach("main a[href*='/staff/walks/']")
    keys.press("Enter")
    inspector.page.wait_for_url("**/staff/walks/**")

    assert "by the clock" in inspector.text
    assert "Maya" in inspector.text
    assert keys.unseen == []


def test_at_400_per_cent_nothing_is_wider_or_lies_over_what_has_focus(visit):
    """1280 pixels wide and 1024 high, four times as large."""
    woman = visit(width=320)
    woman.page.set_viewport_size({"width": 320, "height": 256})
    ask_for_a_walk(woman, "zoom@example.com", day_of_her_own(), send=False)
    questions = ["", *("area/", "meeting-place/", "when/", "contact/", "needs/", "about/", "check/")]

    found = []
    for address in [*PUBLIC, *(f"/request/{question}" for question in questions)]:
        woman.go(address)
        found += woman.wider_than_the_screen()
        for _ in range(FAR):
            woman.page.keyboard.press("Tab")
            if woman.page.evaluate("document.activeElement === document.body"):
                break
            found += [f"{address}: {each}" for each in [woman.page.evaluate(COVERED)] if each]

    assert found == []
