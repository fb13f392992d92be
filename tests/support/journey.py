"""A requester's journey: every GET and POST of its pages, through WSGI or HTTP."""

import datetime
import http.client
import io
import re
import time
from http.cookies import SimpleCookie
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

from walkandtalk.lib import london

HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]+)"')


def pages():
    """Return each address with the requester's answer, ending with the page that has no form."""
    day = london.today() + datetime.timedelta(days=10)
    when = {"first_date_day": day.day, "first_date_month": day.month, "first_date_year": day.year}
    return [
        ("/request/", {"danger": "no"}),
        ("/request/area/", {"place": "SE15 4QL"}),
        ("/request/age/", {"adult": "yes"}),
        ("/request/meeting-place/", {"how": "place", "place": "Peckham Rye station, main entrance"}),
        ("/request/when/", {**when, "first_start": "6:30pm"}),
        ("/request/contact/", {"channel": "full", "email": "maya@example.com", "name": "Maya"}),
        ("/request/needs/", {"needs": "nothing"}),
        ("/request/check/", {}),
        ("/request/sent/", None),
    ]


class Visitor:
    """A browser with an empty cookie jar. `send(method, path, cookies, body)` returns status, headers and body."""

    def __init__(self, send):
        self.send = send
        self.cookies = SimpleCookie()

    def ask_for_a_walk(self):
        for path, answer in pages():
            hidden = self.get(path)
            if answer is not None:
                self.post(path, hidden | answer)

    def go_as_far_as(self, last):
        """Answer the pages before this one."""
        for path, answer in pages():
            if path == last:
                return
            self.post(path, self.get(path) | answer)

    def get(self, path):
        """Return the hidden fields of the page's form."""
        status, page = self._request("GET", path)
        assert status == 200, (path, status)
        return dict(HIDDEN.findall(page))

    def post(self, path, form):
        status, page = self._request("POST", path, urlencode(form))
        assert status == 302, (path, status, page)

    def _request(self, method, path, body=""):
        cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in self.cookies.items())
        status, headers, page = self.send(method, path, cookies, body.encode())
        for name, value in headers:
            if name.lower() == "set-cookie":
                self.cookies.load(value)
        return status, page.decode()


class InProcess:
    """Calls a WSGI application and counts the CPU seconds it uses, without those of the caller."""

    def __init__(self, application, host):
        self.application = application
        self.host = host
        self.seconds = 0.0
        self.requests = 0

    def __call__(self, method, path, cookies="", body=b""):
        environ = self._environ(method, path, cookies, body)
        answered = []
        began = time.process_time()
        response = self.application(environ, lambda status, headers, exc_info=None: answered.extend([status, headers]))
        page = b"".join(response)
        response.close()
        self.seconds += time.process_time() - began
        self.requests += 1
        status, headers = answered
        return int(status.split()[0]), headers, page

    def _environ(self, method, path, cookies, body):
        path, _question_mark, query = path.partition("?")
        answers = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": self.host,
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_COOKIE": cookies,
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
        setup_testing_defaults(answers)
        return answers


def over_http(host):
    """Return a function that sends requests over a socket, with a new connection for each, as from many visitors."""

    def send(method, path, cookies="", body=b""):
        connection = http.client.HTTPConnection(host, timeout=30)
        headers = {"Accept-Encoding": "gzip, deflate, br", "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, body, headers | ({"Cookie": cookies} if cookies else {}))
        response = connection.getresponse()
        page = response.read()
        connection.close()
        return response.status, response.getheaders(), page

    return send
