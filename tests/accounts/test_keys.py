"""The page that lists the keyboard shortcuts, and switches them off for one account."""

import pytest

pytestmark = pytest.mark.django_db

KEYS, QUEUE = "/staff/keys/", "/staff/bookings/"
SCRIPT = 'src="/static/keys.js"'


@pytest.fixture
def as_officer(client, officer):
    client.force_login(officer)
    return client


def test_shortcuts_are_on_until_she_switches_them_off(as_inspector, inspector):
    before = as_inspector.get(QUEUE).text

    response = as_inspector.post(KEYS, {"keys": "off"}, follow=True)

    after = as_inspector.get(QUEUE).text
    inspector.refresh_from_db()
    assert inspector.uses_keys is False
    assert "Keyboard shortcuts are off." in response.text
    assert "Switch them on" in response.text
    assert [(SCRIPT in page, "data-keys" in page) for page in (before, after)] == [(True, True), (False, False)]


def test_shortcuts_can_be_switched_on_again(as_inspector, inspector):
    as_inspector.post(KEYS, {"keys": "off"})

    as_inspector.post(KEYS, {"keys": "on"})

    assert SCRIPT in as_inspector.get(QUEUE).text


@pytest.mark.parametrize("data", [{}, {"keys": "perhaps"}])
def test_unreadable_answer_changes_nothing(data, as_inspector, inspector):
    response = as_inspector.post(KEYS, data)

    inspector.refresh_from_db()
    assert response.status_code == 302
    assert inspector.uses_keys is True


def test_opening_the_page_changes_nothing(as_inspector, inspector):
    as_inspector.get(KEYS, {"keys": "off"})

    inspector.refresh_from_db()
    assert inspector.uses_keys is True


def test_page_lists_only_keys_that_do_something_for_its_reader(as_officer):
    text = as_officer.get(KEYS).text

    assert "Go to the next row" in text
    assert "Assign" not in text


def test_every_staff_page_links_to_the_shortcuts(as_officer):
    assert 'href="/staff/keys/"' in as_officer.get("/staff/walks/").text
