"""Two women tell us of one dark corner: counted, improved, referred, answered, passed on, and opened again."""

from datetime import timedelta

import pytest

from boroughs.geography.map_points import MapPoint
from boroughs.geography.places import search_places
from tests.support.browser.received_mail import get_text, link_in
from walkandtalk.lib import london

pytestmark = pytest.mark.stack

COUNCIL = "Royal Borough of Greenwich"
PIN = "402817"
CHANGE = "Mend the lamp by the steps"
PUT_POINT = """value => {
    const field = document.getElementById("id_map_point")
    field.value = value
    field.dispatchEvent(new Event("change"))
}"""
# Each run has a corner of its own, because nothing that was told is deleted after it.
CORNERS = {
    (320, True): "Charlton station",
    (320, False): "Abbey Wood Library",
    (1280, True): "Woolwich station",
    (1280, False): "Blackheath Library",
}


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_corner_that_two_women_reported_is_changed_and_opened_again(visit, team, stack, check_page, width, javascript):
    corner = CORNERS[width, javascript]
    browser = {"width": width, "javascript": javascript}
    officer, maya, ines, inspector, council = (visit(**browser) for _person in range(5))
    inbox, discreet = (f"{name}{width}{javascript}@example.com".lower() for name in ("lights", "corner"))
    stack.shell(f"Partner.objects.filter(name={COUNCIL!r}).update(inbox={inbox!r})")

    walk = walk_with(officer, team)
    tell_after_the_walk(maya, walk, corner)
    tell_without_a_walk(ines, stack, corner, discreet)
    stack.shell("from feedback.places.counting import count_repeated_places; count_repeated_places(timezone.now())")

    make_improvement(inspector, corner, check_page)
    improvement = inspector.path
    refer(inspector, check_page)
    stack.wait_for_mail(to=walk.email, containing=f"Passed to {COUNCIL}")
    answer_as_the_council(council, link_in(stack.wait_for_mail(to=inbox), path="/partner/"), check_page)
    told = {address: len(mails(stack, address)) for address in (walk.email, discreet)}
    pass_on(inspector, check_page)

    stack.wait_for_mail(to=walk.email, containing="The council will mend the lamp.")
    stack.wait(lambda: len(mails(stack, discreet)) > told[discreet])
    assert {address: len(mails(stack, address)) - number for address, number in told.items()} == dict.fromkeys(told, 1)
    assert [word for word in ("lamp", "council", corner) if word in get_text(mails(stack, discreet)[0])] == []
    ines.go(link_in(mails(stack, discreet)[0], path="/r/yours/"))  # her browser has given the PIN before
    assert "The council will mend the lamp." in ines.text

    say_that_it_is_done(inspector, improvement)
    stack.wait_for_mail(to=walk.email, containing="The lamp was mended.")
    ask_four_weeks_later(stack)
    say_not_better(maya, stack, walk, check_page)
    inspector.go("/staff/improvements/")
    row = inspector.page.locator("main tr", has=inspector.page.locator(f"[href='{improvement}']"))
    listed = row.inner_text()
    inspector.go(improvement)
    check_page(inspector)

    assert "Accepted" in listed
    assert "Not better" in listed
    assert "1 woman says that it isn’t better." in inspector.text
    assert "Owner: you" in inspector.text
    assert f"Review date\n{london.long_date(london.today())}" in inspector.text.replace("\t", "\n")


# --- The women --------------------------------------------------------------------------------------------------------


def walk_with(officer, team):
    """Make a walk that has ended."""
    walk = team.make_walk(in_minutes=-40)
    officer.sign_in("officer.se")
    officer.go(f"/staff/walks/{walk.walk}/")
    officer.press("Start the walk")
    officer.press("Ended safely")
    return walk


def tell_after_the_walk(woman, walk, corner):
    """Report the corner: by a point on the map or, without JavaScript, by its name."""
    woman.go(walk.page.replace("my-walk", "tell-us"))
    woman.page.locator("[name='place_kinds']").first.check()
    woman.choose("In the dark", "Yes")
    woman.fill(place=f"The corner beside {corner}" if not woman.javascript else "The corner with the steps")
    if woman.javascript:
        woman.press("Put a point on a map")
        woman.page.wait_for_selector(".map__name span")
        place = search_places(corner)[0]
        woman.page.evaluate(PUT_POINT, str(MapPoint(place.lat + 0.0003, place.lon)))
    woman.press("Send")
    assert woman.path.endswith("/thanks/")


def tell_without_a_walk(woman, stack, corner, email):
    """Tell us of it with a discreet email, and confirm the address."""
    woman.go("/tell-us/")
    woman.activate(woman.page.get_by_role("main").get_by_role("button", name="Tell us about a place"))
    woman.fill(place=corner)
    woman.press("Continue")
    woman.page.locator("[name='place_kinds']").first.check()
    woman.choose("Discreet email", "Yes")
    woman.fill(place=f"By the steps of {corner}", email=email, pin=PIN)
    woman.page.wait_for_timeout(1100)  # a faster press looks like a robot's
    woman.press("Send")
    woman.go(link_in(stack.wait_for_mail(to=email), path="/r/yours/"))
    woman.fill(pin=PIN)
    woman.press("Continue")
    assert corner in woman.text


def ask_four_weeks_later(stack):
    """Run the job as if it were noon, four weeks and a day from now."""
    stack.shell(
        "from feedback.jobs import send_follow_up_questions\n"
        "send_follow_up_questions(timezone.now().replace(hour=12) + timedelta(weeks=4, days=1))"
    )


def say_not_better(woman, stack, walk, check_page):
    question = stack.wait_for_mail(to=walk.email, containing="/better/")
    woman.go(f"{link_in(question, path='/tell-us/')}better/")
    check_page(woman)
    woman.choose("No, it isn’t better")
    woman.press("Send your answer")
    check_page(woman)


# --- The inspector ----------------------------------------------------------------------------------------------------


def make_improvement(inspector, corner, check_page):
    """Find the corner among the repeated places, accept both concerns, and make an improvement for them."""
    inspector.sign_in("inspector.se")
    inspector.go("/staff/places/")
    check_page(inspector)
    row = inspector.page.locator("main li", has_text=corner)
    assert "2 women" in row.inner_text()
    inspector.activate(row.get_by_role("link"))
    check_page(inspector)
    place = inspector.path
    in_four_weeks = london.today() + timedelta(days=28)
    for _concern in range(2):
        inspector.activate(inspector.page.locator("main li", has_text="Reported").get_by_role("link").first)
        inspector.choose("We’ll look into it")
        inspector.fill(**_date("review_date", in_four_weeks))
        inspector.press("Save")
        inspector.go(place)
    inspector.follow("Make an improvement")
    check_page(inspector)
    inspector.fill(change=CHANGE, where=f"The pavement at {corner}", **_date("review_date", in_four_weeks))
    inspector.press("Make the improvement")
    check_page(inspector)
    assert "2 women, 2 concerns" in inspector.text


def refer(inspector, check_page):
    inspector.follow("Refer to a partner")
    check_page(inspector)
    inspector.choose(COUNCIL)
    inspector.fill(to_requesters="They look after the lamps.")
    inspector.press("Refer it and tell the women")
    assert COUNCIL in inspector.text


def pass_on(inspector, check_page):
    """Read the council's answer in the list of what waits, and tell the women in our own words."""
    inspector.go("/staff/improvements/")
    check_page(inspector)
    inspector.activate(inspector.page.locator("main tr", has_text="Answered").get_by_role("link").first)
    check_page(inspector)
    inspector.follow("Tell the women")
    check_page(inspector)
    assert inspector.page.get_by_label("Something is planned", exact=True).is_checked()
    write_answer(inspector, "The council will mend the lamp.")
    check_page(inspector)


def say_that_it_is_done(inspector, improvement):
    inspector.go(improvement)
    inspector.follow("Tell the women")
    inspector.choose("Something was done")
    inspector.fill(**_date("done_date", london.today()))
    write_answer(inspector, "The lamp was mended.")


def write_answer(inspector, words):
    inspector.page.locator("main [name=words]").fill(words)
    inspector.press("Save and tell them")


# --- The council ------------------------------------------------------------------------------------------------------


def answer_as_the_council(council, link, check_page):
    """Answer with the link alone: first nothing, then the day."""
    council.go(link)
    check_page(council)
    council.press("Send your answer")
    check_page(council)
    council.choose("It’s planned")
    council.fill(**_date("planned_date", london.today() + timedelta(days=30)))
    council.press("Send your answer")
    check_page(council)
    assert "We have your answer" in council.heading
    assert [word for word in ("Maya", "steps of", "with the steps") if word in council.text] == []


def mails(stack, address):
    """Return the messages to this address, the newest first."""
    return [message for message in stack.mail() if address in str(message["To"])]


def _date(name, date):
    return {f"{name}_{part}": str(getattr(date, part)) for part in ("day", "month", "year")}
