"""The two-minute note, and what we heard: shown to her the same evening, and corrected by her."""

import pytest

pytestmark = pytest.mark.stack


def test_officer_notes_and_she_corrects_what_we_heard(visit, team, look, width):
    board = team.a_walk(in_minutes=-40)
    officer, woman = visit(width=width), visit(width=width)
    officer.sign_in("officer.se")
    officer.go(f"/staff/walks/{board.walk}/")
    officer.press("Start the walk")
    officer.press("Ended safely")

    officer.follow("Two-minute note, and what was noted")
    officer.choose("It went as planned")
    officer.fill(agreed="We ask for a lamp.")
    look(officer)
    officer.press("Save this note")
    officer.follow("Note what worried her")
    officer.page.locator("[name='place_kinds']").first.check()
    officer.fill(place="The path behind the library", text="I cannot see the ground.")
    look(officer)
    officer.press("Save this for her")
    woman.go(f"{board.page.replace('my-walk', 'tell-us')}heard/")
    heard = woman.text
    look(woman)
    woman.follow("Correct this")
    woman.choose("I say it in my own words")
    woman.fill(text="There is one lamp.")
    look(woman)
    woman.press("Save")

    assert "The path behind the library" in heard
    assert "We ask for a lamp." in heard
    assert "There is one lamp." in woman.text
    assert "I cannot see the ground." not in woman.page.locator(".messages li").first.inner_text()
