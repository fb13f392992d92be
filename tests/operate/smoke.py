"""`python -m tests.operate.smoke PORT MAIL_FOLDER`: one short journey through a service that is running.

A woman asks for a walk and confirms it by her link; an inspector signs in with a second factor and schedules it; the
walk card arrives. The next release runs this file of the previous one against a database that it has migrated itself
(docs/releases.md), so its arguments must not change.
"""

import random
import re
import sys
import time
from email import message_from_bytes, policy
from html import unescape
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests.support.page_forms import find_form

LONGEST = 40  # seconds until a message must have come
PASSWORD = "a lantern under the plane tree"
PLACE = "Peckham Rye station, by the flower stall"
LINK = re.compile(r"https://\S+?(/my-walk/[^\s>]+)")


class Browser:
    """Follows redirects and sends forms, as a browser does behind our proxy."""

    def __init__(self, port, host):
        self.port, self.host = port, host
        self.cookies = SimpleCookie()
        self.path, self.page = "/", ""

    def open(self, path, method="GET", body=""):
        for _redirect in range(10):
            status, headers, page = self._send(method, path, body)
            if status not in (301, 302, 303):
                break
            path, method, body = urlsplit(headers["Location"])._replace(scheme="", netloc="").geturl(), "GET", ""
        assert status == 200, (method, path, status, _errors(page) or page[:2000])
        self.path, self.page = path, page
        return page

    def press(self, button, **answers):
        """Send the form with this button. An error that the page then shows fails the journey."""
        form = find_form(self.page, button)
        self.open(form.action or self.path, "POST", urlencode(form.filled(**answers)))
        assert not _errors(self.page), (self.path, _errors(self.page))

    def _send(self, method, path, body):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {
            "Host": self.host,
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": "; ".join(f"{name}={cookie.value}" for name, cookie in self.cookies.items()),
            "Referer": f"https://{self.host}{self.path}",
            "X-Forwarded-For": "198.51.100.7",
            "X-Forwarded-Proto": "https",
        }
        connection.request(method, path.partition("#")[0], body, headers)
        response = connection.getresponse()
        page = response.read().decode()
        connection.close()
        for cookie in response.headers.get_all("Set-Cookie", []):
            self.cookies.load(cookie)
        return response.status, response.headers, page


def _errors(page):
    summary = re.search(r"govuk-error-summary__list.*?</ul>", page, re.DOTALL)
    return unescape(re.sub(r"<[^>]+>|\s+", " ", summary[0])) if summary else ""


def journey(port, mail):
    from django.conf import settings

    host = urlsplit(settings.PUBLIC_URL).netloc
    inspector, secret, officers = make_team()
    requester = Browser(port, host)
    ask_for_a_walk(requester)
    requester.open(LINK.search(wait_for_message(mail, "maya@example.com"))[1])
    requester.press("Yes, this was me")
    staff = Browser(port, host)
    sign_in(staff, inspector, secret)
    schedule(staff, officers)
    wait_for_message(mail, "maya@example.com", containing=PLACE)


def make_team():
    """Make the people of one team, who sign in for the first time on another day."""
    from allauth.mfa.models import Authenticator  # noqa: F401  # the tables of second factors are part of the journey

    from boroughs.models.bcus import BoroughCommandUnit
    from tests.support.factories import InspectorFactory, OfficerFactory
    from tests.support.second_factors import add_app

    bcu = BoroughCommandUnit.objects.get(boroughs__slug="southwark")
    bcu.email, bcu.duty_number = "team@walk.test", "0300 000 0000"
    bcu.save()
    # Other names each time, so that the journey can be made twice.
    numbers = random.sample(range(1000, 10_000), 2)
    inspector = InspectorFactory(bcu=bcu, email=f"inspector.{numbers[0]}@walk.test", password=PASSWORD)
    officers = [
        OfficerFactory(bcu=bcu, email=f"officer.{number}@walk.test", shoulder_number=f"{number}AS")
        for number in numbers
    ]
    return inspector.email, add_app(inspector)[1], [str(officer.pk) for officer in officers]


def ask_for_a_walk(browser):
    from tests.support.journey import pages

    for path, answer in pages():
        browser.open(path)
        if answer is not None:
            browser.open(path, "POST", urlencode(find_form(browser.page, "").filled(**answer)))


def sign_in(browser, email, secret):
    from tests.support.second_factors import code_of

    browser.open("/staff/sign-in/")
    browser.press("Sign in", username=email, password=PASSWORD)
    browser.press("Continue", code=code_of(secret))


def schedule(browser, officers):
    from bookings.models.bookings import Booking

    booking = f"/staff/bookings/{Booking.objects.latest('asked_at').pk}/"
    browser.open(booking)
    browser.press("Assign to me")
    browser.open(f"{booking}schedule/")
    browser.press("Schedule", meeting_place=PLACE, officers=officers)


def wait_for_message(mail, to, containing=""):
    """Return the text of a message to this address."""
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        for path in sorted(mail.glob("*.eml"), reverse=True):
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            text = message.get_body(("plain",)).get_content()
            if to in message["To"] and containing in " ".join(text.split()):
                return text
        time.sleep(0.1)
    raise AssertionError(f"no message to {to} says “{containing}”")


def main():
    import django

    django.setup()
    journey(int(sys.argv[1]), Path(sys.argv[2]))
    print("The journey worked: asked, confirmed, scheduled, and the walk card arrived.")


if __name__ == "__main__":
    main()
