"""Where a second factor is required, nothing opens without one but the pages to set one up."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.support.addresses import every_address
from tests.support.second_factors import add_app, code_of

pytestmark = pytest.mark.django_db

INDEX = "/staff/second-factor/"
STILL_OPEN = {
    *("accounts:sign_out", "admin-sign-out", "mfa_index", "mfa_add_webauthn", "mfa_activate_totp"),
    "account_reauthenticate",
}


@pytest.fixture(autouse=True)
def required(settings):
    settings.REQUIRE_SECOND_FACTOR = True


def staff_names():
    """Return the staff addresses, without those that are open to everyone because people sign in there."""
    staff = [address for address in every_address() if address.route.startswith(("staff/", "admin/"))]
    return {address.name for address in staff if getattr(address.view, "login_required", True)}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("who", ["inspector", "administrator"])
def test_every_staff_address_leads_to_the_set_up_page(who, method, world):
    client = world.enter(who)

    names = staff_names() - STILL_OPEN
    answers = {name: world.ask(client, name, method) for name in names}

    assert len(names) > 100
    elsewhere = {name: answer.status_code for name, answer in answers.items() if answer.get("Location") != INDEX}
    assert elsewhere == {}


def test_set_up_page_says_what_to_do_and_offers_nothing_else(inspector):
    client = Client()
    client.force_login(inspector)

    page = client.get("/staff/", follow=True)

    assert page.redirect_chain == [(INDEX, 302)]
    assert page.text.index("Add a passkey") < page.text.index("Add an authenticator app")
    assert "Sign out" in page.text
    assert "/staff/bookings/" not in page.text


def test_sign_out_works(inspector):
    client = Client()
    client.force_login(inspector)

    assert client.post("/staff/sign-out/")["Location"] == "/staff/sign-in/"


def test_pages_open_in_the_session_that_has_added_a_factor(signed_in, officer):
    browser = signed_in(officer)
    assert browser.get("/staff/walks/")["Location"] == INDEX
    secret = browser.get(f"{INDEX}app/new/").context["secret"].replace(" ", "")

    browser.post(f"{INDEX}app/new/", {"code": code_of(secret)})

    assert browser.get("/staff/walks/").status_code == 200


def test_pages_open_after_both_steps(enter_password, officer):
    secret = add_app(officer)[1]
    browser, _ = enter_password(officer)

    browser.post("/staff/sign-in/second-step/", {"code": code_of(secret)})

    assert browser.get("/staff/walks/").status_code == 200


def test_public_pages_open_to_staff_without_a_factor(inspector):
    client = Client()
    client.force_login(inspector)

    assert client.get("/").status_code == 200


@pytest.mark.parametrize("is_required", [True, False])
def test_banner_of_the_demo_says_that_a_password_is_enough(is_required, settings, inspector):
    settings.REQUIRE_SECOND_FACTOR = is_required
    client = Client()
    client.force_login(inspector)
    banner = "This is the demo: a password is enough."

    assert (banner in client.get(INDEX).text) is not is_required
    assert banner not in client.get("/").text


@pytest.mark.parametrize(
    "name",
    [
        *("account_signup", "account_logout", "account_email", "account_inactive", "account_change_password"),
        *("account_set_password", "account_reset_password", "account_reset_password_done", "account_confirm_email"),
        *("account_email_verification_sent", "account_request_login_code", "account_confirm_login_code"),
        *("mfa_list_webauthn", "mfa_signup_webauthn", "mfa_download_recovery_codes", "mfa_trust"),
        *("socialaccount_signup", "socialaccount_connections"),
    ],
)
def test_other_pages_of_allauth_have_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)
