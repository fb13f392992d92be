"""The day of a walk: the officers' buttons on a small phone, and the pages of the inspector and the requester."""

import pytest

from tests.support.browser.inspector_steps import alert
from tests.support.browser.team import MEETING_PLACE, PHONE

pytestmark = pytest.mark.stack

INBOX = "se.walkandtalk@example.com"
MAKE_SESSION_IDLE = """
from django.contrib.sessions.models import Session
from django.contrib.sessions.backends.db import SessionStore
for row in Session.objects.all():
    session = SessionStore(row.session_key)
    if session.get("_auth_user_id") == str(Officer.objects.get(email="officer.se@example.com").pk):
        session["seen_at"] -= 3600
        session.save()
"""
END_UNDO = """
from walks.models.walks import Walk
over = timezone.now() - timedelta(seconds=1)
Walk.objects.filter(pk="{walk}").update(undo_until=over)
print(over.isoformat())
"""
"""Make it too late to undo, and return until when it was possible."""


def test_officer_withdraws_and_is_replaced(visit, team, check_page):
    walk = team.make_walk(in_minutes=120)
    officer, inspector = visit(width=320), visit()
    officer.sign_in("officer.se")
    officer.go(f"/staff/walks/{walk.walk}/")

    officer.press("I can’t make it")
    check_page(officer)
    officer.press("I can’t make it")
    check_page(officer)
    inspector.sign_in("inspector.se")
    listed = alert(inspector, "Too few officers").inner_text()
    inspector.go(f"/staff/walks/{walk.walk}/")
    check_page(inspector)
    inspector.activate(inspector.page.locator("[aria-labelledby=replace]").get_by_role("link", name="Una Usher"))
    inspector.press("Change the walk")
    inspector.page.get_by_text("Walk changed.").wait_for()

    assert "Now ring 020 7946 0601" in officer.text
    assert "1 of 2 can make it" in listed
    assert "This walk needs another officer" not in inspector.text
    assert "Una Usher" in inspector.text


def test_requester_agrees_to_one_officer(visit, team, check_page):
    walk = team.make_walk(one_cannot_come=True)
    inspector, woman = visit(), visit(width=320)
    inspector.sign_in("inspector.se")
    inspector.go(f"/staff/walks/{walk.walk}/")

    inspector.press("Ask her whether one officer is enough")
    check_page(inspector)
    page_text = inspector.text
    woman.go(walk.page)
    woman.press("Say yes or no")
    check_page(woman)
    woman.choose("Yes, one is all right")
    woman.press("Send your answer")
    check_page(woman)
    inspector.go(f"/staff/walks/{walk.walk}/")

    assert "You’ve already asked" in page_text
    assert "One officer walks with you, as you agreed." in woman.text
    assert "This walk needs another officer" not in inspector.text


def test_answer_about_one_officer_on_the_phone_is_recorded(visit, team, check_page):
    walk = team.make_walk(one_cannot_come=True)
    inspector = visit()
    inspector.sign_in("inspector.se")
    inspector.go(f"/staff/walks/{walk.walk}/")
    inspector.press("Ask her whether one officer is enough")

    inspector.follow("She has answered by phone")
    inspector.press("Save her answer")
    check_page(inspector)
    errors = inspector.dead_error_links()
    inspector.press("Show her number")
    inspector.choose("Yes, one is enough", "By phone, on the number she gave us")
    inspector.press("Save her answer")
    inspector.page.get_by_text("Answer recorded.").wait_for()

    assert errors == []
    assert "This walk needs another officer" not in inspector.text


def test_no_show_is_recorded_and_then_a_late_arrival(visit, team, check_page):
    walk = team.make_walk(in_minutes=-12)
    officer = visit(width=320)
    officer.sign_in("officer.se")
    officer.go(f"/staff/walks/{walk.walk}/")

    officer.press("She isn’t here")
    officer.choose("10 minutes", "Yes, and she didn’t answer")
    check_page(officer)
    officer.press("She isn’t here")
    noted = officer.text
    check_page(officer)
    officer.press("She came late")
    officer.press("Start the walk")

    assert "She didn’t come" in noted
    assert "She didn’t come" not in officer.text
    assert "Walk started," in officer.text
    assert officer.page.get_by_role("button", name="Ended safely").is_visible()


def test_walk_cut_short_gives_the_requester_priority(visit, team, check_page):
    walk = team.make_walk(in_minutes=-20)
    officer, inspector, woman = visit(width=320), visit(), visit(width=320)
    officer.sign_in("officer.se")
    officer.go(f"/staff/walks/{walk.walk}/")
    officer.press("On my way")
    woman.go(walk.page)
    on_their_way = woman.text
    officer.activate(officer.page.get_by_role("button", name="I’m here", exact=True))
    officer.press("Start the walk")

    officer.press("Called away")
    officer.choose("Alone")
    check_page(officer)
    officer.press("We’re called away")
    check_page(officer)
    inspector.sign_in("inspector.se")
    check_page(inspector)
    woman.go(walk.page)
    check_page(woman)

    assert "on their way" in on_their_way
    assert "Now ring 020 7946 0601" in officer.text
    assert "Maya" in alert(inspector, "Officers were called away").inner_text()
    assert "You’re first in line for another time" in woman.text


def test_overdue_walk_is_shown_with_its_duty_number(visit, stack, team, check_page):
    walk = team.make_walk(in_minutes=-91)
    stack.shell("from bookings.on_the_day.jobs import send_on_the_day_alerts; send_on_the_day_alerts(timezone.now())")
    inspector = visit()
    inspector.sign_in("inspector.se")

    check_page(inspector)
    not_ended = alert(inspector, "Nobody has said that it ended safely").inner_text()

    assert "020 7946 0601" in not_ended
    assert "Rosa Reed" in not_ended
    stack.wait_for_mail(to=INBOX, subject="Not ended safely", containing=walk.walk)


def test_officer_marks_a_safeguarding_matter(visit, team, check_page):
    walk = team.make_walk(in_minutes=-5)
    officer, inspector = visit(width=320), visit()
    officer.sign_in("officer.se")
    officer.go(f"/staff/walks/{walk.walk}/")

    officer.press("Stop: a crime or a safeguarding matter")
    check_page(officer)
    officer.press("Mark it, and tell my inspector")
    check_page(officer)
    inspector.sign_in("inspector.se")

    assert "Maya" in alert(inspector, "Crime or safeguarding").inner_text()


def test_idle_session_hides_personal_details_and_its_buttons_work(visit, stack, team, check_page):
    walk = team.make_walk(in_minutes=10)
    officer = visit(width=320)
    officer.sign_in("officer.se")
    officer.go(f"/staff/walks/{walk.walk}/")
    officer.press("Show her number")
    page = officer.text

    stack.shell(MAKE_SESSION_IDLE)
    officer.go(f"/staff/walks/{walk.walk}/")
    hidden = officer.text
    check_page(officer)
    officer.press("On my way")

    assert "Maya" in page
    assert PHONE in page
    assert "Maya" not in hidden
    assert PHONE not in hidden
    assert officer.page.locator(".phrase__words").count() == 0
    assert MEETING_PLACE in hidden
    assert "We’ve recorded that you’re on your way." in officer.text
    assert "Maya" not in officer.text


def test_officer_undoes_the_start_in_time_and_the_end_too_late(visit, stack, team, check_page):
    walk = team.make_walk(in_minutes=-2)
    officer = visit(width=320)
    officer.sign_in("officer.se")
    officer.go(f"/staff/walks/{walk.walk}/")

    officer.press("Start the walk")
    check_page(officer)
    officer.press("Undo")
    undone = officer.text
    officer.press("Start the walk")
    officer.press("Ended safely")
    until = stack.shell(END_UNDO.format(walk=walk.walk)).strip()
    officer.page.locator("[name=until]").evaluate("(field, until) => field.value = until", until)
    officer.press("Undo")
    check_page(officer)

    assert "Start undone." in undone
    assert "You could undo this until" in officer.text
    assert officer.page.get_by_role("button", name="Undo").count() == 0


def test_next_step_and_stop_are_under_the_thumb(visit, team):
    walk = team.make_walk(in_minutes=20)
    officer = visit(width=375)
    officer.page.set_viewport_size({"width": 375, "height": 667})
    officer.sign_in("officer.se")
    officer.go(f"/staff/walks/{walk.walk}/")

    officer.keep_picture("staff-officer")
    bar = officer.page.locator(".thumb-bar")
    boxes = [button.bounding_box() for button in bar.locator(".govuk-button").all()]
    seen = [officer.page.locator(place).last.bounding_box() for place in (".walk-time", ".phrase__words")]

    assert bar.get_by_role("button").all_inner_texts()[0] == "On my way"
    assert len(boxes) == 2
    assert all(box["height"] >= 64 and box["y"] + box["height"] <= 667 for box in boxes)
    assert all(box["y"] + box["height"] <= boxes[0]["y"] for box in seen)


def test_officer_offers_her_walk_to_a_colleague_who_takes_it(visit, team, check_page):
    walk = team.make_walk()
    officer, colleague = visit(width=320), visit(width=320)
    officer.sign_in("officer.se")
    officer.go(f"/staff/walks/{walk.walk}/")
    officer.press("Offer my walk to a colleague")
    check_page(officer)
    officer.choose("PC Una Usher, 603SE")
    officer.press("Ask her")
    check_page(officer)
    colleague.sign_in("officer3.se")
    colleague.go("/staff/walks/")
    check_page(colleague)
    asked = colleague.text
    colleague.press("Take this walk")
    check_page(colleague)
    officer.go("/staff/walks/")

    assert "Asked to take over" in asked
    assert "Maya" not in asked
    assert MEETING_PLACE not in asked
    assert "You’re on this walk now." in colleague.text
    assert MEETING_PLACE in colleague.text
    assert "No walks to come" in officer.text


def test_colleague_is_too_late_for_a_withdrawn_question(visit, team):
    walk = team.make_walk()
    officer, colleague = visit(width=320), visit(width=320)
    officer.sign_in("officer.se")
    officer.go(f"/staff/walks/{walk.walk}/ask-colleague/")
    officer.choose("PC Una Usher, 603SE")
    officer.press("Ask her")
    colleague.sign_in("officer3.se")
    colleague.go("/staff/walks/")

    officer.press("Stop asking them")
    colleague.press("Take this walk")

    assert "This question has been answered or withdrawn" in colleague.text
    assert "You’re still on this walk." in officer.text


def test_officer_reads_what_became_of_her_concerns(visit, team, check_page):
    team.make_walk()
    officer = visit(width=320)
    officer.sign_in("officer.se")

    officer.go("/staff/concerns/mine/")
    check_page(officer)

    assert "You haven’t noted any yet." in officer.text
