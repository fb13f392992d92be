"""Rules of the request form: closed teams, interpreters, the honeypot, equality questions and answers that expire."""

import datetime

import pytest

from tests.support.browser.requester_steps import (
    answer_every_question,
    ask_for_a_walk,
    enter_place,
    go_to_area,
    unused_date,
)
from walkandtalk.lib import london

pytestmark = pytest.mark.stack

BOTH = pytest.mark.parametrize("javascript", [False, True], ids=["without JavaScript", "with JavaScript"])


def choose_area(woman, borough):
    go_to_area(woman)
    enter_place(woman, borough)


@BOTH
def test_closed_team_explains_and_accepts_later_dates(visit, stack, javascript):
    woman = visit(javascript=javascript, width=375)
    stack.shell(
        "from walkandtalk.lib import london; "
        "BoroughCommandUnit.objects.filter(code='NW').update(closed_from=london.today(), "
        "closed_until=london.today() + timedelta(days=20), closed_message='Our officers are at the carnival.')"
    )

    choose_area(woman, "Brent")
    woman.keep_picture("closed")

    assert woman.heading == "No walks there for a while"
    assert "Our officers are at the carnival." in woman.text
    assert woman.wider_than_the_screen() == []
    assert not javascript or woman.axe_violations() == []
    woman.press("Continue")
    assert woman.path == "/request/age/"


@BOTH
def test_interpreter_needs_a_later_date_and_keeps_the_typed_one(visit, javascript):
    woman = visit(javascript=javascript, width=375)
    answer_every_question(woman, "early@example.com", london.today() + datetime.timedelta(days=14))
    woman.go("/request/needs/?change")
    woman.choose("British Sign Language (BSL)")

    woman.press("Continue")
    woman.keep_picture("when")

    assert woman.path == "/request/when/"
    assert "because we need 21 days to find an interpreter" in woman.text
    assert "6:30pm" in woman.page.locator(".times").inner_text()
    assert woman.page.locator("[name=first_start]").input_value() == "6:30pm"
    assert not javascript or woman.axe_violations() + woman.dead_error_links() == []


@BOTH
def test_equality_questions_come_after_sending(visit, javascript):
    woman = visit(javascript=javascript, width=375)
    ask_for_a_walk(woman, f"equal.{javascript}@example.com", unused_date())

    woman.follow("answer a few questions about you")
    woman.keep_picture("equality")
    violations = woman.axe_violations() if javascript else []
    woman.choose("25 to 34")
    woman.press("Send these answers")

    assert woman.path == "/request/sent/"
    assert "Thank you for answering" in woman.text
    assert violations == []


def test_requester_is_warned_before_answers_expire_and_can_keep_them(visit, stack):
    woman = visit(width=375)
    woman.page.clock.install()
    answer_every_question(woman, "slow@example.com", unused_date())
    woman.go("/request/name/?change")
    woman.fill(name="Not sent yet")
    keep = woman.page.get_by_role("button", name="Keep my answers")
    assert not keep.is_visible()

    stack.shell("Draft.objects.update(expires_at=timezone.now() + timedelta(minutes=5))")
    woman.page.clock.fast_forward("51:00")
    keep.wait_for()
    woman.keep_picture("kept")
    warning = woman.page.locator(".kept__words").inner_text()
    violations = woman.axe_violations()
    previous_time = woman.page.locator("[data-until]").inner_text()
    keep.click()
    woman.page.locator(".kept__words", has_text="We’ll keep your answers").wait_for()

    assert "We’ll delete your answers at" in warning
    assert previous_time in warning
    assert woman.page.locator("[data-until]").inner_text() in woman.page.locator(".kept__words").inner_text()
    assert woman.page.locator("[data-until]").inner_text() != previous_time
    assert violations == []
    assert woman.path == "/request/name/"
    assert woman.page.locator("[name=name]").input_value() == "Not sent yet"


def test_expired_answers_leave_the_screen(visit, stack):
    woman = visit(width=375)
    woman.page.clock.install()
    answer_every_question(woman, "gone@example.com", unused_date())
    woman.go("/request/name/?change")

    stack.shell("Draft.objects.update(expires_at=timezone.now())")
    woman.page.clock.fast_forward("51:00")
    woman.page.wait_for_url("**/request/timed-out/")

    assert woman.heading == "Your answers have been deleted"


def test_honeypot_cannot_be_reached_and_contact_shows_every_subject(visit):
    woman = visit(width=375)
    answer_every_question(woman, "box@example.com", unused_date())
    violations = woman.axe_violations()
    stops = woman.page.locator("[name=second_subject]").evaluate("box => [box.tabIndex, !box.closest('[aria-hidden]')]")
    woman.go("/request/contact/?change")
    woman.open_details("Other subject lines we may send")
    woman.keep_picture("contact")

    assert stops == [-1, False]
    assert violations + woman.axe_violations() + woman.wider_than_the_screen() == []
    assert "Your walk: Tuesday 8 December 2026, 6:30pm" in woman.text
