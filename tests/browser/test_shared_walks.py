"""A shared walk: one requester agrees to share her walk, and another accepts a place. A guest joins another walk."""

import pytest

from tests.support.browser.inspector_steps import open_booking, schedule_walk
from tests.support.browser.received_mail import get_text, link_in
from tests.support.browser.requester_steps import ask_for_a_walk, unused_date
from walkandtalk.lib import london

pytestmark = pytest.mark.stack


def test_place_is_offered_and_accepted(visit, stack, check_page):
    day = unused_date()
    emails = ["first@example.com", "second@example.com"]
    first, second, inspector = visit(width=320), visit(width=320), visit()

    has_walk = ask_for_a_walk(first, emails[0], day)
    first.go(link_in(stack.wait_for_mail(to=emails[0], subject="was it you?")))
    first.press("Yes, this was me")
    schedule_walk(inspector, has_walk)
    walk = stack.shell(f"print(Walk.objects.get(bookings__reference='{has_walk.replace('-', '')}').pk)").strip()
    inspector.go(f"/staff/walks/{walk}/")
    check_page(inspector)
    inspector.press("Ask whether others may join")
    check_page(inspector)
    inspector.press("Ask her")
    first.go(link_in(stack.wait_for_mail(to=emails[0], subject="A question about your walk")))
    check_page(first)
    first.press("Yes, others may join")
    check_page(first)

    waits = ask_for_a_walk(second, emails[1], day)
    open_booking(inspector, waits)
    inspector.follow("Add to an existing walk")
    inspector.page.locator(f"[name=walk][value='{walk}']").check()
    inspector.choose("Arranged")
    inspector.fill(how_step_free="Lift at both ends")
    check_page(inspector)
    inspector.press("Offer this place")
    check_page(inspector)
    message = stack.wait_for_mail(to=emails[1], subject="Would you walk with others?")
    second.go(link_in(message) + "offer/")
    check_page(second)
    second.page.get_by_label("Yes:").check()
    second.press("Send your answer")
    check_page(second)
    second.open_details("Who’s coming")

    assert "Also coming: One other woman" in get_text(message)
    assert "Peckham Rye station" not in get_text(message)
    assert "Your walk is booked" in second.text
    assert "One other woman" in second.text
    assert london.long_date(day) in second.text
    update = stack.wait_for_mail(to=emails[0], containing="Another woman is coming too.")
    assert "WHAT CHANGED" in get_text(update)


def test_guest_is_confirmed_once_every_requester_has_agreed(visit, team, check_page):
    walk = team.make_walk()
    inspector, woman = visit(), visit(width=320)
    inspector.sign_in("inspector.se")
    inspector.go(f"/staff/walks/{walk.walk}/")

    inspector.press("Invite a guest")
    inspector.fill(name="Gwen Gale", role="chair", organisation="Ward panel")
    check_page(inspector)
    inspector.press("Ask the women")
    check_page(inspector)
    page_text = inspector.text
    woman.go(walk.page)
    check_page(woman)
    woman.press("Yes, this guest may come")
    check_page(woman)
    woman.unfold()
    inspector.go(f"/staff/walks/{walk.walk}/")

    assert "The women are being asked" in page_text
    assert "Gwen Gale" in woman.text
    assert "Also coming" in inspector.page.locator("dl", has_text="Gwen Gale").inner_text()
