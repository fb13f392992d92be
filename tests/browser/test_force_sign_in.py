"""The force's own sign-in in Chromium, with a real provider on another port: another origin, as it would be."""

import pytest

from tests.support.browser.visitor import Visitor
from tests.support.force_provider import ForceProvider
from tests.support.stack import Stack

pytestmark = pytest.mark.stack

INSPECTOR, OFFICER = "inspector.as@example.com", "officer.as@example.com"
STYLES = "cdn.jsdelivr.net"  # the provider's pages ask for a style sheet there


@pytest.fixture(scope="module")
def provider():
    with ForceProvider() as running:
        yield running


@pytest.fixture(scope="module")
def force_stack(provider):
    with Stack(variables=provider.variables()) as running:
        yield running


@pytest.fixture
def open_browser(chromium, force_stack, provider):
    visitors = []

    def open_one(**options):
        visitor = Visitor(chromium, force_stack, other_hosts={provider.host, STYLES}, **options)
        visitor.context.route(f"https://{STYLES}/**", lambda route: route.fulfill(content_type="text/css", body=""))
        visitors.append(visitor)
        return visitor

    yield open_one
    for visitor in visitors:
        visitor.close()
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []


@pytest.fixture
def connect(force_stack, provider):
    """Connect someone's account here with a force account, as an invitation would."""

    def connect_with(oid, email, **claims):
        provider.set_person(oid, **claims)
        force_stack.shell(
            "from allauth.socialaccount.models import SocialAccount\n"
            f"officer = Officer.objects.get(email={email!r})\n"
            f"SocialAccount.objects.update_or_create(provider={provider.issuer!r}, uid={oid!r}, user=officer)"
        )

    return connect_with


def sign_in(visitor, oid):
    visitor.go("/staff/sign-in/")
    visitor.press("Continue to Met sign-in")
    visitor.page.get_by_placeholder("sub").fill(oid)
    visitor.page.get_by_role("button", name="Authorize").click()
    visitor.page.wait_for_url(f"{visitor.stack.url}/**")


def walks_of_officer(stack):
    walks = "Walk.objects.not_over(timezone.now()).filter(assignments__is_live=True, assignments__officer__email="
    return int(stack.shell(f"print({walks}{OFFICER!r}).count())"))


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_one_button_signs_in_through_the_provider(javascript, open_browser, connect):
    connect("oid-inspector", INSPECTOR)
    visitor = open_browser(javascript=javascript)
    visitor.go("/staff/bookings/")
    faults = visitor.faults_at_every_width() if javascript else []

    visitor.press("Continue to Met sign-in")
    visitor.page.get_by_placeholder("sub").fill("oid-inspector")
    visitor.page.get_by_role("button", name="Authorize").click()
    visitor.page.wait_for_url(f"{visitor.stack.url}/**")

    assert faults == []
    assert visitor.path == "/staff/bookings/"
    assert "Change your password" not in visitor.text


@pytest.mark.parametrize(
    ("oid", "claims", "sentence"),
    [
        ("oid-unknown", {"email": INSPECTOR, "email_verified": True}, "isn’t connected"),
        ("oid-inspector", {"acrs": []}, "didn’t ask you for a second factor"),
        ("oid-inspector", {"tid": "another-tenant"}, "isn’t working with this service"),
    ],
    ids=["unknown, with an inspector's address", "no second factor", "another tenant"],
)
def test_others_are_refused_with_a_sentence(oid, claims, sentence, open_browser, connect, provider):
    connect("oid-inspector", INSPECTOR)
    provider.set_person(oid, **claims)
    visitor = open_browser()

    sign_in(visitor, oid)

    assert visitor.path == "/staff/sign-in/"
    assert sentence in visitor.text
    assert visitor.faults_at_every_width() == []


def test_address_of_an_answer_opens_nothing_again(open_browser, connect):
    connect("oid-inspector", INSPECTOR)
    visitor = open_browser()
    answers = []
    visitor.page.on("request", lambda request: answers.append(request.url) if "/answer/?" in request.url else None)
    sign_in(visitor, "oid-inspector")
    visitor.context.clear_cookies()

    visitor.go(answers[0])

    assert visitor.path == "/staff/sign-in/"
    assert "opened twice" in visitor.text


def test_leaver_is_out_at_once_and_what_was_theirs_is_handed_on(open_browser, connect, provider, force_stack):
    connect("oid-officer", OFFICER)
    phone, elsewhere = open_browser(width=375), open_browser()
    before = walks_of_officer(force_stack)
    sign_in(phone, "oid-officer")
    signed_in_at = phone.path
    provider.set_person("oid-officer", roles=None)

    sign_in(elsewhere, "oid-officer")
    phone.go("/staff/walks/")

    assert signed_in_at != "/staff/sign-in/"
    assert before > 0
    assert "don’t use this service any more" in elsewhere.text
    assert phone.path == "/staff/sign-in/"
    force_stack.wait(lambda: walks_of_officer(force_stack) == 0, 60)
