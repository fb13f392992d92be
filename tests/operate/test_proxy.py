"""nginx with the configuration that operators install, in front of web as production runs it."""

import ssl
from urllib.parse import quote

import pytest

from tests.operate import proxy as proxy_figures
from tests.operate import slow_bodies
from tests.support.journey import Visitor
from tests.support.production import DISCREET_HOST, HOST

pytestmark = pytest.mark.stack

HERS = "maya@example.com"
FORM = "csrfmiddlewaretoken"
TRICKS = [
    "/request/check/;.css",
    "/request/check/.css",
    "/request/check/robots.txt",
    "/request/check/%0a/static/app.js",
    "/request/check/%2e%2e/%2e%2e/safety/",
    "/request/check/..%2f..%2fsafety/",
    "/static/../request/check/",
    "/static/..%2frequest/check/",
    "/static/%2e%2e/request/check/",
    "/safety/../request/check/",
    "/safety/..;/request/check/",
    "//request/check/",
    "/request//check/",
    "/request/check/?/safety/",
    "/request/check/%3f/safety/",
    "/areas/%2e%2e/request/check/",
    "/REQUEST/check/",
    "/safety/%0a",
    "/safety/%0d%0aCookie:%20a=b",
]
"""Addresses with which someone who gets her to follow a link could hope to have her page stored for them."""


@pytest.fixture(scope="module")
def behind_proxy():
    with proxy_figures.behind_proxy() as started:
        yield started


@pytest.fixture(scope="module")
def proxy(behind_proxy):
    return behind_proxy[0]


def stored(proxy):
    """Return each file of the cache, with the key under which it is found."""
    files = [path.read_bytes() for path in proxy.inside("/var/cache/nginx").rglob("*") if path.is_file()]
    return {file.partition(b"\nKEY: ")[2].partition(b"\n")[0].decode(): file for file in files}


def test_nginx_accepts_the_configuration_without_a_warning(proxy):
    checked = proxy.check()

    assert checked.returncode == 0
    assert "warn" not in checked.stderr


def test_half_sent_bodies_hurt_nobody(proxy):
    found = slow_bodies.others(proxy, small=True)

    assert [figure for figure in found if not figure.is_met] == []


def test_a_busy_evening_has_no_errors(proxy):
    found = proxy_figures.busy_evening(proxy, small=True)

    assert [figure for figure in found if not figure.is_met] == []


@pytest.fixture(scope="module")
def requester(proxy):
    """Someone who has typed her address, but not sent it."""
    requester = Visitor(proxy.browse)
    requester.go_as_far_as("/request/check/")
    return requester


def cookies_of(visitor):
    return "; ".join(f"{name}={cookie.value}" for name, cookie in visitor.cookies.items())


def test_no_page_of_hers_is_stored_whatever_the_address(proxy, requester):
    cookies = cookies_of(requester)
    _status, _headers, page = proxy.browse("GET", "/request/check/", cookies)
    assert HERS in page.decode()

    shown = [path for path in TRICKS if HERS in proxy.browse("GET", path, cookies)[2].decode()]
    leaked = [path for path in [*TRICKS, "/request/check/"] if HERS in proxy.send("GET", path).text]

    assert shown  # nginx and web understand some of them as her page
    assert leaked == []
    assert [key for key, file in stored(proxy).items() if HERS.encode() in file or FORM.encode() in file] == []


def test_public_pages_are_stored_once_for_everyone(proxy, requester):
    first = proxy.send("GET", "/easy-read/", headers={"Cookie": cookies_of(requester), "Accept-Encoding": "gzip, br"})
    second = proxy.send("GET", "/easy-read/", headers={"Accept-Encoding": "deflate, gzip;q=0.5"})
    head = proxy.send("HEAD", "/easy-read/", headers={"Accept-Encoding": "gzip"})
    again = proxy.send(
        "GET", "/easy-read/", headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]}
    )
    plain = proxy.send("GET", "/easy-read/", headers={"Accept-Encoding": "gzip;q=0, identity"})

    lines = [line["cache"] for line in proxy.log() if line["path"] == "/easy-read/"][-5:]
    assert (first.body, first.headers["Set-Cookie"], first.headers["Content-Encoding"]) == (second.body, None, "gzip")
    assert (head.status, head.body, again.status) == (200, b"", 304)
    assert "Content-Encoding" not in plain.headers
    assert lines == ["MISS", "HIT", "HIT", "HIT", "MISS"]
    assert {f"{HOST} /easy-read/ ", f"{HOST} /easy-read/ gzip"} <= set(stored(proxy))


def test_query_strings_and_missing_pages_fill_no_cache(proxy):
    before = set(stored(proxy))

    answers = [proxy.send("GET", path).status for path in ("/safety/?x=1", "/areas/atlantis/", "/static/nothing.js")]

    assert answers == [200, 404, 404]
    assert set(stored(proxy)) == before


def test_neutral_site_shows_none_of_the_public_pages(proxy):
    proxy.send("GET", "/")

    neutral = proxy.send("GET", "/", host=DISCREET_HOST)

    assert "Walk" not in neutral.text
    assert "no-store" in neutral.headers["Cache-Control"]
    assert [key for key in stored(proxy) if key.startswith(DISCREET_HOST)] == []


@pytest.mark.parametrize(("host", "other"), [(HOST, DISCREET_HOST), (DISCREET_HOST, HOST)])
def test_each_name_has_its_own_certificate_and_answers_for_itself_alone(proxy, host, other):
    with proxy.connect(host, protocols=["h2", "http/1.1"]) as connection:
        names = [name for _kind, name in connection.getpeercert()["subjectAltName"]]
        protocol = connection.selected_alpn_protocol()
    for_other = proxy.send_raw(f"GET / HTTP/1.1\r\nHost: {other}\r\nConnection: close\r\n\r\n".encode(), host)
    absolute = f"GET https://{other}/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    for_nobody = proxy.send_raw(b"GET / HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n", host)

    assert (names, protocol) == ([host], "h2")
    assert for_other.startswith(b"HTTP/1.1 421")
    assert proxy.send_raw(absolute.encode(), host).startswith(b"HTTP/1.1 421")
    assert for_nobody == b""


def test_unknown_name_is_shown_no_certificate(proxy):
    with pytest.raises(ssl.SSLError, match=r"(?i)unrecognized.name"):
        proxy.connect("walk.example.org")


def test_request_is_sent_through_to_the_end(proxy, requester):
    requester.post("/request/check/", requester.get("/request/check/"))

    assert requester.get("/request/sent/") is not None


def test_log_has_no_token_query_or_address_of_a_visitor(proxy):
    token = "Canary_Token-0123456789abcdefghijklmnopqrstu"
    paths = [
        f"/my-walk/{token}/confirm/",
        f"/staff/password-link/{token}/",
        f"/nowhere/{token}",
        f"/nowhere/{quote(token, safe='').replace('_', '%5F').replace('-', '%2D')}/",
        "/my-walk/canary/",
        "/safety/?who=canary",
        "/canary@example.com/",
        f"/safety/?next=/r/{token}/",
    ]

    for path in paths:
        proxy.send("GET", path, headers={"Referer": f"https://{HOST}/my-walk/{token}/", "User-Agent": "canary"})
    proxy.last_line("/nowhere/…")

    log = proxy.output()
    assert "canary" not in log.lower()
    assert '"127.0.0.1"' not in log
    assert proxy.last_line("/my-walk/…")["status"] == 404
