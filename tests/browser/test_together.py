"""Two women walk together: the one who has the walk agrees, the other is offered a place and says yes."""

import pytest

from tests.support.browser.inspector_steps import open_booking, schedule_walk
from tests.support.browser.received_mail import link_in, text_of
from tests.support.browser.requester_steps import ask_for_a_walk, unused_date
from walkandtalk.lib import london

pytestmark = pytest.mark.stack


def test_place_is_offered_and_accepted(visit, stack, width):
    day, found = unused_date(), []
    emails = [f"{name}.{width}@example.com" for name in ("first", "second")]
    first, second, inspector = (visit(width=width) for _ in range(3))

    def look(visitor, name):
        found.extend(visitor.axe_violations() + visitor.wider_than_the_screen())
        visitor.keep_picture(f"together-{name}-{width}")

    has_walk = ask_for_a_walk(first, emails[0], day)
    first.go(link_in(stack.wait_for_mail(to=emails[0], subject="was it you?")))
    first.press("Yes, this was me")
    schedule_walk(inspector, has_walk)
    walk = stack.shell(f"print(Walk.objects.get(bookings__reference='{has_walk.replace('-', '')}').pk)").strip()
    inspector.go(f"/staff/walks/{walk}/")
    look(inspector, "walk")
    inspector.press("Ask whether others may join")
    look(inspector, "ask")
    inspector.press("Ask her")
    first.go(link_in(stack.wait_for_mail(to=emails[0], subject="A question about your walk")))
    look(first, "asked")
    first.press("Yes, others may join")
    look(first, "agreed")

    waits = ask_for_a_walk(second, emails[1], day)
    open_booking(inspector, waits)
    inspector.press("Add to an existing walk")
    inspector.page.locator(f"[name=walk][value='{walk}']").check()
    inspector.choose("Arranged")
    inspector.fill(how_step_free="Lift at both ends")
    look(inspector, "join")
    inspector.press("Offer her this place")
    look(inspector, "offered")
    message = stack.wait_for_mail(to=emails[1], subject="Would you walk with others?")
    second.go(link_in(message) + "offer/")
    look(second, "offer")
    second.page.get_by_label("Yes:").check()
    second.press("Send your answer")
    look(second, "booked")

    assert "Also coming: One other woman" in text_of(message)
    assert "Peckham Rye station" not in text_of(message)
    assert "It is booked" in second.text
    assert "One other woman" in second.text
    assert london.long_date(day) in second.text
    told = stack.wait_for_mail(to=emails[0], containing="Another woman is coming too.")
    assert "WHAT CHANGED" in text_of(told)
    assert found == []


def test_guest_comes_once_every_woman_has_said_yes(visit, team, look, width):
    board = team.a_walk()
    inspector, woman = visit(width=width), visit(width=width)
    inspector.sign_in("inspector.se")
    inspector.go(f"/staff/walks/{board.walk}/")

    inspector.press("Bring a guest")
    inspector.fill(name="Gwen Gale", role="chair", organisation="Ward panel")
    look(inspector)
    inspector.press("Ask the women")
    look(inspector)
    asked = inspector.text
    woman.go(board.page)
    look(woman)
    woman.press("Yes, this guest may come")
    look(woman)
    inspector.go(f"/staff/walks/{board.walk}/")

    assert "The women are being asked" in asked
    assert "Gwen Gale" in woman.page.locator(".card").inner_text()
    assert "Also coming" in inspector.page.locator("dl", has_text="Gwen Gale").inner_text()
