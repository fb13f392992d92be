"""A partner's Open311 server on this machine, which can also misbehave."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Open311Server(ThreadingHTTPServer):
    """Keeps what is posted to it. `behave` names how the next requests of a method are answered."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.posted, self.asked = [], []
        self.behaviours = {"GET": [], "POST": []}
        self.states, self.ids_of_tokens = {}, {}
        self.gives_tokens = False
        self.was_hung_up_on = threading.Event()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/v2"

    def behave(self, method, *behaviours):
        self.behaviours[method] += behaviours

    def handle_error(self, request, client_address):
        """Say nothing of a client that hung up."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = {name: values[0] for name, values in parse_qs(body).items()}
        behaviour = self._next("POST")
        if behaviour not in ("refuse", "forbid", "busy"):
            self.server.posted.append({"path": self.path, **fields})
        if not self._misbehave(behaviour):
            number = str(len(self.server.posted))
            named = {"token": f"T{number}"} if self.server.gives_tokens else {"service_request_id": number}
            self._answer([{**named, "service_notice": "Thank you"}])

    def do_GET(self):
        self.server.asked.append(self.path)
        if self._misbehave(self._next("GET")):
            return
        path = urlsplit(self.path).path
        if path == "/v2/requests.json":
            self._answer({"service_requests": [_row(n, row) for n, row in enumerate(self.server.posted, start=1)]})
        elif path.startswith("/v2/tokens/"):
            token = path.removeprefix("/v2/tokens/").removesuffix(".json")
            self._answer([{"token": token, "service_request_id": self.server.ids_of_tokens.get(token)}])
        else:
            number = path.removeprefix("/v2/requests/").removesuffix(".json")
            status, notes = self.server.states.get(number, ("open", ""))
            self._answer([{"service_request_id": number, "status": status, "status_notes": notes}])

    def log_message(self, *args):
        """Stay silent."""

    def _next(self, method):
        waiting = self.server.behaviours[method]
        return waiting.pop(0) if waiting else "answer"

    def _misbehave(self, behaviour):
        """Answer as the behaviour says. Return False if it is to answer as it should."""
        codes = {"refuse": 400, "forbid": 403, "busy": 429, "fail": 502, "no_list": 404}
        if behaviour in codes:
            self._answer([{"code": codes[behaviour], "description": "No"}], code=codes[behaviour])
        elif behaviour == "empty":
            self._answer([])
        elif behaviour == "die":
            self.close_connection = True
        elif behaviour == "redirect":
            self.send_response(307)
            self.send_header("Location", f"{self.server.url}/elsewhere.json")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif behaviour == "huge":
            self._send_much()
        elif behaviour == "html":
            self._send(b'[{"service_request_id": "1"}]', content_type="text/html")
        elif behaviour == "deep":
            self._send(b"[" * 200_000)
        elif behaviour == "trickle":
            self._trickle()
        else:
            return False
        return True

    def _send_much(self):
        """Send 20 MB, and note whether the other side hung up before the end."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(20_000_000))
        self.end_headers()
        try:
            for _ in range(200):
                self.wfile.write(b" " * 100_000)
        except OSError:
            self.close_connection = True
            self.server.was_hung_up_on.set()

    def _trickle(self):
        """Send a header now and then: each is in time, and the end never comes."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(200):
            self.wfile.write(f"X-{number}: 1\r\n".encode())
            self.wfile.flush()
            time.sleep(0.05)

    def _answer(self, content, code=200):
        self._send(json.dumps(content).encode(), code=code)

    def _send(self, body, *, code=200, content_type="application/json; charset=utf-8"):
        self.send_response(code)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _row(number, row):
    return {"service_request_id": str(number), "description": row.get("description"), "status": "open"}


@contextmanager
def running(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
