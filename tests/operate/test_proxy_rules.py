"""What nginx passes on to web, and what it says itself, with a server behind it that answers as a test wants."""

import contextlib
import shutil
import socket
import time
import urllib.request

import pytest

from tests.support.echo_server import echo_server, name_server
from tests.support.load import Visits
from tests.support.production import DISCREET_HOST, HOST
from tests.support.proxy import Proxy
from tests.support.stack import free_port
from tests.support.tls import make_certificates

pytestmark = pytest.mark.stack

PUBLIC = {"Cache-Control": "public, max-age=300, s-maxage=1"}
OURS = {"host", "x-forwarded-for", "x-forwarded-proto", "x-request-id", "connection"}


@pytest.fixture(scope="module")
def started():
    with echo_server() as web, Proxy() as proxy:
        proxy.start([web.port])
        yield proxy, web


@pytest.fixture
def proxy(started):
    return started[0]


@pytest.fixture
def web(started):
    web = started[1]
    web.status, web.headers = 200, {}
    web.received.clear()
    return web


URLS = {"PUBLIC_URL": f"https://{HOST}", "DISCREET_URL": f"https://{DISCREET_HOST}"}
INVENTED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Ssl": "off",
    "X-Request-ID": "invented",
    "Cookie": "a=b",
    "Accept-Language": "cy",
}


def test_web_gets_our_headers_and_none_that_a_visitor_invents(proxy, web):
    proxy.send("GET", "/staff/?a=b", headers=INVENTED)

    (request,) = web.received
    headers = request["headers"]
    assert request["path"] == "/staff/?a=b"
    assert (headers["host"], headers["x-forwarded-for"]) == (f"{HOST}:{proxy.https_port}", "127.0.0.1")
    assert (headers["x-forwarded-proto"], headers["cookie"]) == ("https", "a=b")
    assert "x-forwarded-ssl" not in headers
    assert headers["x-request-id"] == proxy.last_line("/staff/")["request_id"]


@pytest.mark.parametrize("path", ["/cookies/", "/cookies/?from=a", "/static/a.js"])
def test_web_gets_nothing_of_a_visitor_but_the_address_of_a_public_page(proxy, web, path):
    web.headers = PUBLIC

    proxy.send("GET", path, headers=INVENTED | {"Accept-Encoding": "gzip", "Range": "bytes=0-9", "X-Host": "a.b"})

    (request,) = web.received
    assert request["path"] == path
    assert set(request["headers"]) == OURS | {"accept-encoding"}
    assert request["headers"]["accept-encoding"] == "gzip"


@pytest.mark.parametrize("path", ["/safety/%0a", "/safety/%0d%0aX-Invented:%20a", "/static/a%0a", "/static/a%20b"])
def test_address_with_a_line_break_or_space_is_passed_on_as_it_was_sent(proxy, web, path):
    proxy.send("GET", path, headers={"Cookie": "a=b"})

    (request,) = web.received
    assert request["path"] == path
    assert "x-invented" not in request["headers"]
    assert request["headers"]["cookie"] == "a=b"  # so it is not one of the stored pages


@pytest.mark.parametrize(
    "headers",
    [PUBLIC | {"Set-Cookie": "a=b"}, {"Cache-Control": "no-store, private"}, {"Cache-Control": "private"}, {}],
)
def test_answer_that_is_someones_own_is_not_stored(proxy, web, headers):
    web.headers = headers

    answers = [proxy.send("GET", "/privacy/").body for _ in range(2)]

    assert answers[0] != answers[1]


@pytest.mark.parametrize("path", ["/readyz", "/metrics", "//readyz", "/%72eadyz"])
@pytest.mark.parametrize("host", [HOST, DISCREET_HOST])
def test_what_operators_see_is_not_for_visitors(proxy, web, host, path):
    assert proxy.send("GET", path, host=host).status == 404
    assert web.received == []


@pytest.mark.parametrize(
    ("path", "in_hand"), [("/privacy/?x=1", 500), ("/areas/camden/", 1500), ("/static/a.js", 1500), ("/privacy/", None)]
)
def test_flood_that_may_reach_web_is_limited(path, in_hand):
    with echo_server() as web, Proxy() as proxy:
        web.headers = PUBLIC
        proxy.start([web.port])

        found = Visits(proxy, path, rate=3000, seconds=1, connections=20).finish()

    if in_hand is None:
        assert found.errors == 0
    else:
        assert found.errors > 0
        assert found.pages >= in_hand


ADDRESSES = {
    "2001:db8:1:2::1": "2001:db8:1:2:",
    "2001:db8:1:2:3:4:5:6": "2001:db8:1:2:",
    "2001:db8:0:0:1:2:3:4": "2001:db8:",
    "2001:db8::1": "2001:db8:",
    "2001:db8:0:0:1::": "2001:db8:",
    "2001:db8:1:0:a:b:c:d": "2001:db8:1:",
    "2001:db8:1::1": "2001:db8:1:",
    "2001:0:0:a:1:2:3:4": "2001:0:0:a:",
    "2001:0:0:a:1::": "2001:0:0:a:",
    "2001:0:0:0:1:2:3:4": "2001:",
    "2001::1": "2001:",
    "2001:0:0:0:1::": "2001:",
    "2001:db8:0:2:3:4:5:6": "2001:db8:0:2:",
    "2001:db8:0:2::": "2001:db8:0:2:",
    "192.0.2.1": "\xc0\x00\x02\x01",
}
"""Addresses, and what counts as one visitor: the first four groups without zeros at their end, or the whole of IPv4."""


def test_network_of_ipv6_counts_as_one_visitor():
    with Proxy() as proxy:
        port = free_port()
        server = f"""
            server {{
                listen 127.0.0.1:{port};
                set_real_ip_from 127.0.0.1;
                real_ip_header X-Address;
                return 200 $visitor;
            }}
        """
        folder = proxy.inside("/etc/nginx/conf.d")
        folder.mkdir(parents=True)
        (folder / "address.conf").write_text(server)
        proxy.start([8000])

        shown = {address: visitor_of(port, address) for address in ADDRESSES}

    assert shown == ADDRESSES


def visitor_of(port, address):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", headers={"X-Address": address})
    return urllib.request.urlopen(request, timeout=10).read().decode("latin-1")


def test_post_to_a_public_address_reaches_web_whole(proxy, web):
    proxy.send("POST", "/", headers={"Cookie": "a=b"}, body=b"c=d")

    (request,) = web.received
    assert (request["headers"]["cookie"], request["length"]) == ("a=b", 3)


def test_public_page_is_renewed_and_shown_while_web_fails(proxy, web):
    web.headers = PUBLIC
    first = proxy.send("GET", "/accessibility/").body
    time.sleep(2.05)  # nginx counts whole seconds
    renewed = proxy.send("GET", "/accessibility/").body
    time.sleep(2.05)  # nginx counts whole seconds
    web.status = 503

    answer = proxy.send("GET", "/accessibility/")

    assert renewed != first
    assert (answer.status, answer.body) == (200, renewed)
    assert len(web.received) == 3  # nginx asked again


def test_upload_stays_in_memory_and_a_larger_one_is_refused_in_plain_words(proxy, web):
    folder = proxy.inside("/run/nginx-body")
    before = folder.stat().st_mtime_ns

    upload = proxy.send("POST", "/staff/people/import/", body=b"x" * 1_150_000)
    text = proxy.send("POST", "/request/", body=b"x" * 290_000)
    too_long = proxy.send("POST", "/request/", body=b"x" * 400_000)

    assert [upload.status, text.status, too_long.status] == [200, 200, 413]
    assert [request["length"] for request in web.received] == [1_150_000, 290_000]
    assert "<h1>Your file or text is too long</h1>" in too_long.text
    assert folder.stat().st_mtime_ns == before  # a file there would have changed it


def test_slow_uploads_from_one_address_are_few(proxy, web):
    """Each has a buffer of 1.2 MB while it waits."""
    half = f"POST /staff/people/import/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 9\r\n\r\nhalf"
    with contextlib.ExitStack() as stack:
        for _ in range(10):
            stack.enter_context(proxy.connect()).sendall(half.encode())
        time.sleep(0.2)  # until nginx has read them

        eleventh = proxy.send("POST", "/staff/people/import/", body=b"whole")
        other = proxy.send("POST", "/staff/people/", body=b"whole")

    assert (eleventh.status, other.status) == (429, 200)


def test_large_answer_never_reaches_the_disk(proxy, web):
    folder = proxy.inside("/run/nginx-answers")
    before = folder.stat().st_mtime_ns
    web.headers = {"X-Large": "x" * 12_000}

    assert proxy.send("GET", "/staff/").status == 200
    assert folder.stat().st_mtime_ns == before


@pytest.mark.parametrize("host", [HOST, DISCREET_HOST])
def test_http_is_redirected_to_the_same_name(proxy, host):
    sent = f"GET /my-walk/?a=b HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"

    answer = send_plainly(proxy, sent)

    assert f"Location: https://{host}:{proxy.https_port}/my-walk/?a=b\r\n" in answer
    assert send_plainly(proxy, sent.replace(host, "example.org")) == ""


def send_plainly(proxy, sent):
    with socket.create_connection(("127.0.0.1", proxy.http_port), timeout=10) as connection:
        connection.sendall(sent.encode())
        with contextlib.suppress(ConnectionResetError):
            return connection.makefile(newline="").read()
        return ""


@pytest.mark.parametrize(("host", "own"), [(HOST, "999"), (DISCREET_HOST, "website")])
def test_page_while_web_is_down_and_no_token_in_either_log(host, own):
    token = "Canary_Token-0123456789abcdefghijklmnopqrstu"
    with Proxy() as proxy:
        proxy.start([free_port()])

        page = proxy.send("GET", f"/r/{token}/", host=host, headers={"Referer": f"https://{host}/r/{token}/"})
        style = proxy.send("GET", "/proxy/page.css", host=host)

        line = proxy.last_line("/r/…")
        log = proxy.output()

    assert (page.status, style.status, line["web_status"]) == (502, 200, "502")
    assert own in page.text
    assert ("Walk" in page.text, "police" in page.text, "http" in page.text) == (False, False, False)
    assert f"this code: {line['request_id'][:8]}</p>" in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store, private"
    assert "Canary" not in log


def test_web_is_found_by_its_name_as_in_compose():
    with echo_server() as web, name_server() as names, Proxy() as proxy:
        proxy.start([], WEB_SERVERS=f"web:{web.port}", WEB_RESOLVER=f"127.0.0.1:{names.server_address[1]}")

        answers = [proxy.send("GET", path).status for path in ("/staff/", "/safety/")]

    assert answers == [200, 200]
    assert [request["path"] for request in web.received] == ["/staff/", "/safety/"]
    assert names.asked


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"DISCREET_URL": "http://appointments.example.net"}, "must begin with https://"),
        ({"DISCREET_URL": "https://appointments.example.net/r"}, "without a path"),
        ({"DISCREET_URL": f"https://{HOST}"}, "two different names"),
        ({"DISCREET_URL": "https://appointments.example.net:8443"}, "the same port"),
        ({"TLS_FOLDER": "/nowhere"}, "/nowhere/public/fullchain.pem is missing"),
    ],
)
def test_script_refuses_wrong_variables(variables, sentence):
    with Proxy() as proxy:
        written = proxy.install([8000], **(URLS | variables))

    assert written.returncode == 1
    assert sentence in written.stderr


def test_script_refuses_one_certificate_for_both_names():
    with Proxy() as proxy:
        folder = proxy.inside("/etc/nginx/tls/public")
        _authority, both = make_certificates(folder, HOST, DISCREET_HOST)
        shutil.copy(both, folder / "fullchain.pem")

        written = proxy.install([8000])

    assert written.returncode == 1
    assert f"is also a certificate of {DISCREET_HOST}" in written.stderr
