"""A web server that answers with the request that reached it, so that a test sees what a proxy made of it."""

import http.server
import json
import threading
from contextlib import contextmanager


class EchoServer(http.server.ThreadingHTTPServer):
    """`status` and `headers` are those of each answer. `received` has the path, headers and length of each request."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Echo)
        self.status = 200
        self.headers = {}
        self.received = []

    @property
    def port(self):
        return self.server_address[1]


class _Echo(http.server.BaseHTTPRequestHandler):
    def answer(self):
        length = len(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        request = {"path": self.path, "headers": {name.lower(): value for name, value in self.headers.items()}}
        self.server.received.append(request | {"length": length})
        body = json.dumps(request | {"number": len(self.server.received)}).encode()
        self.send_response(self.server.status)
        for name, value in {**self.server.headers, "Content-Length": len(body)}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer  # noqa: N815  # the names that the library calls

    def log_message(self, *args):
        pass


@contextmanager
def echo_server():
    server = EchoServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
