"""One exchange with a partner's server, on a connection that can lead to the public internet alone.

The host name is looked up once, each address is checked, and the connection is opened to the checked address itself. So
a name that leads elsewhere a moment later gains nothing. docs/decisions/open311.md says why this is our own code.
"""

import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from partners.endpoints import Endpoint, parse_endpoint

CONNECT_SECONDS, READ_SECONDS = 5.0, 10.0
TOTAL_SECONDS = 15.0
"""The timeouts above are for each operation, so a server that sends a byte now and then could hold us for hours."""
MOST_BYTES = 256 * 1024
MOST_ADDRESSES = 2
"""Of one host, that we try to connect to."""
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
SIX_TO_FOUR = ipaddress.ip_network("2002::/16")
HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "walkandtalk"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class NotSent(Exception):
    """The server can't have our request: we didn't connect, or were not allowed to."""


class Unanswered(Exception):
    """The server may have our request, and gave no answer that we can use."""


@dataclass(frozen=True)
class Answer:
    """The code of an answer, and what its JSON holds. None if it is no JSON."""

    code: int
    content: Any


def exchange(method: str, endpoint: str, path: str, fields: Mapping[str, str]) -> Answer:
    """Send the fields, in the address of a GET or as the form of a POST, and return the answer, whatever its code."""
    try:
        target = parse_endpoint(endpoint)
    except ValidationError:
        raise NotSent("The endpoint is not allowed") from None
    with _Watch() as watch, _pool(target, watch) as pool:
        try:
            sent = urlencode(fields)
            response = pool.urlopen(
                method,
                f"{target.path}{path}" if method == "POST" or not sent else f"{target.path}{path}?{sent}",
                body=sent if method == "POST" else None,
                headers=HEADERS | (FORM if method == "POST" else {}),
                redirect=False,
                preload_content=False,
            )
            answer = Answer(response.status, _read_json(response))
            watch.check()
            return answer
        except (HTTPError, OSError) as error:
            failure = Unanswered if watch.may_have_arrived else NotSent
            # Only the type: its text may repeat what we sent.
            raise failure(type(error).__name__) from None


def is_allowed(address: str) -> bool:
    """Return whether we may connect to this address. Only public unicast addresses, or our own machine in tests."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if ip.is_loopback:
        return bool(settings.OPEN311_LOCAL_SERVER)
    if isinstance(ip, ipaddress.IPv6Address) and (ip not in GLOBAL_UNICAST or ip in SIX_TO_FOUR):
        return False  # such as site-local addresses, and those that carry an IPv4 address of their own
    return ip.is_global and not ip.is_multicast


class _Watch:
    """Cuts the connection when the time is over, and knows whether the server may have our request."""

    def __init__(self) -> None:
        self.may_have_arrived = False
        self._socket: socket.socket | None = None
        self._is_over = False
        self._timer = threading.Timer(TOTAL_SECONDS, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> "_Watch":
        self._timer.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._timer.cancel()
        if self._socket is not None:
            self._socket.close()

    def follow(self, connected: socket.socket) -> None:
        """Keep a second handle on the connection, because TLS takes the first one away."""
        self._socket = connected.dup()
        if self._is_over:
            self._cut()

    def check(self) -> None:
        """Raise HTTPError if the time is over: what was read may then be a part."""
        if self._is_over:
            raise HTTPError("Out of time")

    def _cut(self) -> None:
        self._is_over = True
        if self._socket is not None:
            with suppress(OSError):  # it may have just closed by itself
                self._socket.shutdown(socket.SHUT_RDWR)


class _Watched(HTTPConnection):
    """A connection that resolves and checks the address itself."""

    def __init__(self, *args: Any, watch: _Watch, **options: Any) -> None:
        super().__init__(*args, **options)
        self._watch = watch

    def _new_conn(self) -> socket.socket:
        connected = _connect(self.host, self.port)
        self._watch.follow(connected)
        return connected

    def request(self, *args: Any, **options: Any) -> None:
        if self.sock is None:
            self.connect()
        self._watch.may_have_arrived = True
        super().request(*args, **options)


class _WatchedTLS(_Watched, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Watched


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedTLS


@contextmanager
def _pool(target: Endpoint, watch: _Watch) -> Iterator[HTTPConnectionPool]:
    options: dict[str, Any] = {
        "timeout": Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
        "retries": False,
        "watch": watch,
    }
    if target.scheme == "https":
        options |= {"ssl_context": ssl.create_default_context(), "cert_reqs": "CERT_REQUIRED"}
    pool = (_TLSPool if target.scheme == "https" else _Pool)(target.host, target.port, **options)
    try:
        yield pool
    finally:
        pool.close()


def _connect(host: str, port: int) -> socket.socket:
    """Connect to the first address of the host that we may use. Raise OSError if there is none that answers."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    allowed = [(family, address) for family, _type, _proto, _name, address in found if is_allowed(str(address[0]))]
    error = OSError("No address of this host is allowed")
    for family, address in allowed[:MOST_ADDRESSES]:
        connecting = socket.socket(family, socket.SOCK_STREAM)
        connecting.settimeout(CONNECT_SECONDS)
        try:
            connecting.connect(address)
        except OSError as refused:
            connecting.close()
            error = refused
        else:
            return connecting
    raise error


def _read_json(response: BaseHTTPResponse) -> Any:
    """Return the content, or None if it isn't JSON. Raise HTTPError if it is too long."""
    body = response.read(MOST_BYTES + 1, decode_content=False)
    if len(body) > MOST_BYTES:
        raise HTTPError("The answer is too long")
    if response.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
