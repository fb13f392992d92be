"""Walk notes and recorded concerns: shown to the requester, corrected by her, merged and answered."""

from datetime import timedelta

import pytest

from walkandtalk.lib import london

pytestmark = pytest.mark.stack


def test_requester_corrects_what_an_officer_recorded(visit, team, check_page):
    walk = team.make_walk(in_minutes=-40)
    officer, woman = visit(width=320), visit(width=320)
    officer.sign_in("officer.se")
    officer.go(f"/staff/walks/{walk.walk}/")
    officer.press("Start the walk")
    officer.press("Ended safely")

    officer.follow("Two-minute note, and earlier notes")
    officer.choose("It went as planned")
    officer.fill(agreed="We ask for a lamp.")
    officer.open_details("What she said about a place")
    officer.page.locator("[name='place_kinds']").first.check()
    officer.fill(place="Under the arches")
    check_page(officer)
    officer.press("Save this note")
    officer.follow("Note a concern for her")
    officer.page.locator("[name='place_kinds']").first.check()
    officer.fill(place="The path behind the library", text="I cannot see the ground.")
    check_page(officer)
    officer.press("Save this for her")
    woman.go(f"{walk.page.replace('my-walk', 'tell-us')}heard/")
    page_text = woman.text
    check_page(woman)
    woman.activate(woman.page.get_by_role("link", name="Correct this").first)
    woman.choose("I’ll say it in my own words")
    woman.fill(text="There is one lamp.")
    check_page(woman)
    woman.press("Save")

    assert "The path behind the library" in page_text
    assert "Under the arches" in page_text
    assert "We ask for a lamp." in page_text
    assert "There is one lamp." in woman.text
    assert "I cannot see the ground." not in woman.page.locator(".messages li").first.inner_text()


def test_inspector_merges_and_answers_concerns_with_the_keyboard_alone(visit, team, check_page):
    walk = team.make_walk(in_minutes=-40)
    officer, inspector, woman = visit(width=320), visit(keyboard=True), visit(width=320)
    officer.sign_in("officer.se")
    officer.go(f"/staff/walks/{walk.walk}/")
    officer.press("Start the walk")
    officer.press("Ended safely")
    for place in ("The path behind the library", "Beside the library"):
        officer.go(f"/staff/walks/{walk.walk}/concern/")
        officer.page.locator("[name='place_kinds']").first.check()
        officer.fill(place=place, text="I cannot see the ground.")
        officer.press("Save this for her")

    inspector.sign_in("inspector.se")
    inspector.go("/staff/concerns/")
    inspector.keep_picture("staff-concerns")
    inspector.activate(_concern_at(inspector, "The path behind the library"))
    inspector.choose("We’ll look into it")
    inspector.fill(**_date("review_date", london.today() + timedelta(days=28)))
    inspector.press("Save")
    inspector.go("/staff/concerns/?show=open")
    inspector.activate(_concern_at(inspector, "The path behind the library"))
    check_page(inspector)
    inspector.follow("Make an improvement")
    check_page(inspector)
    inspector.fill(change="Mend the lamp", where="The path behind the library")
    inspector.fill(**_date("review_date", london.today() + timedelta(days=28)))
    inspector.press("Make the improvement")
    improvement = inspector.path
    inspector.go("/staff/concerns/")
    inspector.activate(_concern_at(inspector, "Beside the library"))
    inspector.follow("Join an improvement")
    check_page(inspector)
    inspector.choose("Mend the lamp, The path behind the library")
    inspector.press("Join and tell her")
    inspector.go(improvement)
    check_page(inspector)
    inspector.follow("Tell the women")
    inspector.choose("Something was done")
    check_page(inspector)
    inspector.fill(**_date("done_date", london.today()), words="The lamp was mended.")
    inspector.press("Save and tell them")
    woman.go(walk.page.replace("my-walk", "tell-us"))
    woman.open_details("See what you’ve told us")
    check_page(woman)

    assert woman.text.count("The lamp was mended.") == 2


def _date(name, date):
    return {f"{name}_{part}": str(getattr(date, part)) for part in ("day", "month", "year")}


def _concern_at(inspector, place):
    return inspector.page.locator("main tr", has_text=place).get_by_role("link").first
