"""A web server that answers with the request that reached it, so that a test sees what a proxy made of it."""

import http.server
import json
import socket
import socketserver
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


class NameServer(socketserver.UDPServer):
    """Says that every name is this machine, as Docker's name server says where each container is."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Name)
        self.asked = 0


class _Name(socketserver.BaseRequestHandler):
    def handle(self):
        question, answer_to = self.request
        self.server.asked += 1
        name_of_question, address, for_a_second = b"\xc0\x0c", b"\x00\x01\x00\x01", b"\x00\x00\x00\x01"
        header = question[:2] + b"\x81\x80" + b"\x00\x01\x00\x01\x00\x00\x00\x00"
        here = b"\x00\x04" + socket.inet_aton("127.0.0.1")
        answer_to.sendto(header + question[12:] + name_of_question + address + for_a_second + here, self.client_address)


def echo_server():
    return _serving(EchoServer())


def name_server():
    return _serving(NameServer())


@contextmanager
def _serving(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
