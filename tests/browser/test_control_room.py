"""An operator checks officers with the keyboard alone, and the woman reads on her page that someone asked."""

import re

import pytest

pytestmark = pytest.mark.stack

TELL = (
    "from django.utils import timezone; from bookings.control_room.jobs import record_failed_checks; "
    "record_failed_checks(timezone.now())"
)
"""A job does this each minute: it tells a woman that someone used the wrong words."""
WALK = "from walks.models.walks import Walk; walk = Walk.objects.get(pk='{}'); "


@pytest.fixture
def walk(stack, team):
    """A walk that begins in an hour, with the officers' words and a shoulder number of one of them."""
    walk = team.make_walk(in_minutes=60)
    code = WALK.format(walk.walk) + "print(walk.officers_phrase, walk.live_officers()[0].shoulder_number, sep='|')"
    walk.words, walk.number = stack.shell(code).strip().split("|")
    return walk


def type_and_press_enter(operator, number, words):
    """Type as an operator does who never touches the mouse: the first box has the focus already."""
    keys = operator.page.keyboard
    assert operator.page.evaluate("document.activeElement.name") == "number"
    keys.type(number)
    operator.tab()
    keys.type(words)
    with operator.page.expect_navigation():
        keys.press("Enter")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_operator_types_presses_enter_and_reads_yes_or_no(stack, visit, walk, width, dark, check_page):
    operator, woman = visit(width=width, keyboard=True, dark=dark), visit(width=width, dark=dark)
    operator.sign_in("control")
    check_page(operator)

    type_and_press_enter(operator, walk.reference.lower(), f" {walk.words.upper()}. ")
    check_page(operator)
    by_reference = operator.heading, operator.text
    operator.follow("Check again")
    type_and_press_enter(operator, walk.number, walk.words)
    by_number = operator.heading, operator.text
    operator.follow("Check again")
    type_and_press_enter(operator, walk.reference, "purple teapots")
    check_page(operator)
    wrong = operator.heading
    operator.page.go_back()
    went_back = operator.page.locator("[name='number']").input_value()

    stack.shell(TELL)
    woman.go(walk.page)
    check_page(woman)
    hers = woman.text

    assert [by_reference[0], by_number[0], wrong] == ["Yes", "Yes", "No"]
    assert "Did the officer say the words before you did?" in by_reference[1]
    for words in ("Greenwich", "Rosa", "Maya", walk.words, walk.number):
        assert words not in by_reference[1] + by_number[1]
    assert went_back == ""
    assert sorted(re.findall(r"Someone .* at (?=\d)", hers)) == [
        "Someone asked 101 about your walk at ",
        "Someone checked your officers by 101 at ",
    ]


def test_mistakes_are_named_and_keep_what_was_typed(visit, width, check_page):
    operator = visit(width=width)
    operator.sign_in("control")
    operator.fill(number="Rosa", words="blue kettle")
    operator.press("Check")
    check_page(operator)

    assert operator.dead_error_links() == []
    assert operator.page.locator("[name='words']").input_value() == "blue kettle"
    assert operator.page.locator("[name='number']").input_value() == "Rosa"
