"""Error pages keep the frame of the pages around them, so that nobody loses her way."""

import pytest

pytestmark = pytest.mark.django_db

FRAME = 'class="staff-bar"'


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/staff/bookings/00000000-0000-4000-8000-000000000000/", 404),
        ("/staff/nothing/", 404),
        ("/staff/audit/", 403),
        ("/staff/sign-out/", 405),
    ],
)
def test_staff_read_errors_in_their_own_frame(address, status, client, inspector):
    client.force_login(inspector)

    page = client.get(address)

    assert page.status_code == status
    assert FRAME in page.content.decode()
    assert 'href="/my-walk/"' not in page.content.decode()


@pytest.mark.parametrize("address", ["/nothing/", "/my-walk/nothing/x/"])
def test_public_pages_never_show_the_staff_frame(address, client, inspector):
    client.force_login(inspector)

    page = client.get(address)

    assert page.status_code == 404
    assert FRAME not in page.content.decode()


def test_nobody_signed_out_learns_which_staff_pages_exist(client):
    page = client.get("/staff/nothing/")

    assert FRAME not in page.content.decode()
