"""Each role has a guide of its own, linked in the footer. It links only pages that the role can open."""

import re

import pytest

pytestmark = pytest.mark.django_db

MAIN = re.compile(r"<main.*</main>", re.DOTALL)
TASKS = {
    "officer": ["Before a walk", "Undo", "You can’t make it"],
    "inspector": ["Answer a request", "Undo", "Clear a day", "Deal with a concern"],
    "lead": ["See how London is doing now", "Why some numbers are missing"],
    "administrator": ["Add someone", "Check the texts"],
    "control_room": ["Check officers for a woman who rings"],
    "auditor": ["Find out who looked at a booking", "Check accounts and sign-ins"],
}


@pytest.mark.parametrize("role", TASKS)
def test_guide_of_each_role_has_its_tasks_and_links_pages_that_she_can_open(role, request, client):
    client.force_login(request.getfixturevalue(role))

    page = client.get("/staff/help/").text

    (main,) = MAIN.findall(page)
    tasks = re.findall(r'<h2 class="govuk-heading-m">([^<]*)</h2>', main)
    answers = {link: client.get(link, follow=True).status_code for link in re.findall(r'href="([^"#]+)"', main)}
    assert [task for task in TASKS[role] if task not in tasks] == []
    assert answers
    assert set(answers.values()) == {200}
    assert f'<a href="/staff/help/">Guide for {role.replace("_", " ")}s</a>' in page


def test_guides_name_buttons_as_the_pages_do(settings):
    """A guide that names a button differently sends people looking for it."""
    folder = settings.BASE_DIR / "templates"
    pages = "".join(path.read_text() for path in folder.rglob("*.html") if "help" not in path.parts)
    pages += (settings.BASE_DIR / "bookings/on_the_day/steps.py").read_text()
    guide = (folder / "staff/help/officer.html").read_text()

    named = set(re.findall(r"press “([^”]+)”|press “[^”]+”, then “([^”]+)”", guide, re.IGNORECASE))
    buttons = {name for pair in named for name in pair if name} - {"Undo"}

    assert len(buttons) > 5
    assert {name for name in buttons if name not in pages} == set()
