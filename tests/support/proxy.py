"""Debian's nginx with the configuration that operators install, in front of web.

with Proxy() as proxy, Production(variables=proxy.variables()) as production:
    production.start_web()
    proxy.start([production.ports["web"]])
    proxy.send("GET", "/")
"""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from devtools.stack import children
from devtools.stack.services import BASE_DIR
from tests.support.debian_packages import program
from tests.support.production import DISCREET_HOST, HOST
from tests.support.stack import free_port
from tests.support.tls import make_certificates

SOURCE = BASE_DIR / "deploy" / "nginx"
STORED = re.compile(r'location (?:= (\S+)|~ "(.+)") \{\n    include walkandtalk/stored\.conf;')
LONGEST = 20  # seconds
FOLDERS = ("/etc/nginx", "/var/log/nginx", "/var/cache/nginx", "/run")
"""Folders of the configuration, which a test has in a folder of its own."""


def is_stored(path, *, site="public"):
    """Return whether nginx stores what web answers at this path, by the locations of its configuration."""
    found = STORED.findall((SOURCE / "walkandtalk" / f"{site}.conf").read_text())
    patterns = [pattern.replace(r"\z", r"\Z") or rf"{re.escape(exact)}\Z" for exact, pattern in found]
    return any(re.match(pattern, path) for pattern in patterns)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self):
        return self.body.decode()


class Proxy:
    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="walkandtalk-proxy-"))
        self.folder.chmod(0o755)  # the workers of nginx are another user
        self.http_port, self.https_port = free_port(), free_port()
        self.process = None
        for folder in FOLDERS:
            self.inside(folder).mkdir(parents=True, exist_ok=True)
        self.authorities = {}
        for name, host in {"public": HOST, "discreet": DISCREET_HOST}.items():
            self._make_certificate(name, host)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _make_certificate(self, name, host):
        folder = self.inside("/etc/nginx/tls") / name
        folder.mkdir(parents=True)
        authority, certificate = make_certificates(folder, host)
        for file in ("fullchain.pem", "privkey.pem"):  # each part is read from its file, and the other ignored
            (folder / file).write_bytes(certificate.read_bytes())
        self.authorities[host] = authority

    def inside(self, path):
        """Return where a test has this file or folder of the configuration."""
        return self.folder / path.lstrip("/")

    def variables(self):
        """Return the variables of web that tell it about this proxy."""
        return {
            "PUBLIC_URL": f"https://{HOST}:{self.https_port}",
            "DISCREET_URL": f"https://{DISCREET_HOST}:{self.https_port}",
        }

    # --- Starting and stopping

    def install(self, web_ports, **variables):
        """Copy the configuration as docs/proxy.md says. Return the finished write-site.sh."""
        shutil.copytree(SOURCE, self.inside("/etc/nginx"), dirs_exist_ok=True)
        self.inside("/etc/nginx/conf.d").mkdir(exist_ok=True)
        site_file = self.inside("/etc/nginx/conf.d/walkandtalk.conf")
        written = subprocess.run(
            [SOURCE / "write-site.sh"],
            env=self.variables()
            | {
                "PATH": os.environ["PATH"],
                "HTTP_PORT": str(self.http_port),
                "SITE_FILE": str(site_file),
                "TLS_FOLDER": str(self.inside("/etc/nginx/tls")),
                "WEB_SERVERS": " ".join(f"127.0.0.1:{port}" for port in web_ports),
            }
            | variables,
            capture_output=True,
            text=True,
            check=False,
        )
        for path in self.inside("/etc/nginx").rglob("*.conf"):
            path.write_text(self._in_folder(path.read_text()))
        return written

    def _in_folder(self, text):
        for folder in FOLDERS:
            text = text.replace(f" {folder}", f" {self.inside(folder)}")
        return text

    def start(self, web_ports, **variables):
        written = self.install(web_ports, **variables)
        assert written.returncode == 0, written.stderr
        with open(self.folder / "output.log", "ab") as output:
            command = [*self.command(), "-g", "daemon off;"]
            self.process = children.start(command, on_parent_death=signal.SIGTERM, output=output)
        deadline = time.monotonic() + LONGEST
        while not self._listens():
            assert self.process.poll() is None, self.output()
            assert time.monotonic() < deadline, self.output()
            time.sleep(0.02)

    def command(self):
        return [program("nginx"), "-c", str(self.inside("/etc/nginx/nginx.conf"))]

    def check(self):
        """Run `nginx -t`, and return what it says."""
        return subprocess.run([*self.command(), "-t"], capture_output=True, text=True, check=False)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(LONGEST)

    def output(self):
        return "\n".join(path.read_text() for path in [self.folder / "output.log", *self._logs()])

    def _logs(self):
        return self.inside("/var/log/nginx").glob("*.log")

    def log(self):
        """Return the lines of the access log."""
        return [json.loads(line) for line in self.inside("/var/log/nginx/access.log").read_text().splitlines()]

    def last_line(self, path):
        """Return the newest line about this path. nginx writes it just after the answer."""
        deadline = time.monotonic() + LONGEST
        while not (lines := [line for line in self.log() if line["path"] == path]):
            assert time.monotonic() < deadline, f"the log has no line about {path}"
            time.sleep(0.01)
        return lines[-1]

    def _listens(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.https_port), timeout=1):
            return True
        return False

    # --- Visiting

    def connect(self, host=HOST, *, protocols=(), timeout=30):
        """Return a TLS connection to this name."""
        context = ssl.create_default_context(cafile=self.authorities.get(host, self.authorities[HOST]))
        if protocols:
            context.set_alpn_protocols(list(protocols))
        plain = socket.create_connection(("127.0.0.1", self.https_port), timeout=timeout)
        return context.wrap_socket(plain, server_hostname=host)

    def send(self, method, path, *, host=HOST, headers=None, body=None, timeout=30):
        """Send one request on a connection of its own."""
        connection = http.client.HTTPConnection(host, self.https_port, timeout=timeout)
        connection.sock = self.connect(host, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def send_raw(self, sent, host=HOST):
        """Send these bytes, and return all that comes back."""
        with self.connect(host) as connection:
            connection.sendall(sent)
            received = b""
            with contextlib.suppress(ConnectionResetError, ssl.SSLError):
                while piece := connection.recv(65536):
                    received += piece
        return received

    def browse(self, method, path, cookies="", body=b"", *, host=HOST):
        """Send a request as a browser does, for tests.support.journey.Visitor."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"https://{host}:{self.https_port}/",
            "Cookie": cookies,
        }
        answer = self.send(method, path, host=host, headers=headers, body=body)
        return answer.status, answer.headers.items(), answer.body
