"""Load from h2load, at a fixed rate, and from wrk, as fast as possible. Debian has both."""

import re
import statistics
import subprocess
from dataclasses import dataclass

from tests.support.debian_packages import program
from tests.support.production import HOST

FAILED = re.compile(r"requests: .* (\d+) failed, \d+ errored")
WITH_OUR_ADDRESS = """
wrk.resolve = function(host, service) wrk.addrs = wrk.lookup("127.0.0.1", service) end
"""
"""A script that lets wrk use a name which no name server knows."""


@dataclass(frozen=True)
class Load:
    """What visitors met: how many pages, how many errors instead, and the seconds of each page."""

    pages: int
    errors: int
    seconds: list[float]

    def percentile(self, percent):
        return statistics.quantiles(self.seconds, n=100, method="inclusive")[percent - 1]


class Visits:
    """Visits to this page behind the proxy, `rate` a second, from now until `finish()`.

    Each has a connection of its own, or all share `connections`, as when a browser has opened one before.
    """

    def __init__(self, proxy, path, *, rate, seconds, connections=0):
        self.log = proxy.folder / f"visits-{rate}-{connections}{path.replace('/', '-')}.tsv"
        self.log.unlink(missing_ok=True)
        self.least = rate * seconds if not connections else 0
        if connections:
            how = [f"--clients={connections}", f"--rps={rate / connections}", f"--duration={seconds}"]
        else:
            how = [f"--clients={rate * seconds}", f"--requests={rate * seconds}", f"--rate={rate}"]
        address = f"--connect-to=127.0.0.1:{proxy.https_port}"
        common = [address, "--header=accept-encoding: gzip", f"--log-file={self.log}"]
        command = [program("h2load"), *how, *common, f"https://{HOST}:{proxy.https_port}{path}"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def finish(self):
        output, _nothing = self.process.communicate()
        found = FAILED.search(output)
        assert found, output
        lines = [line.split("\t") for line in self.log.read_text().splitlines()]
        pages = [int(micro) / 1e6 for _start, status, micro, *_rest in lines if status == "200"]
        # h2load fails whatever is not 2xx or 3xx. It says nothing of visits that it could not begin.
        return Load(len(pages), max(int(found[1]), self.least - len(pages)), pages)


def most_a_second(url, *, folder, seconds):
    """Return how many times a second this page is answered, by a server that has as much to do as it can."""
    script = folder / "wrk.lua"
    script.write_text(WITH_OUR_ADDRESS)
    options = ["--threads=1", "--connections=16", f"--duration={seconds}s", f"--script={script}"]
    headers = ["--header=Accept-Encoding: gzip", "--header=X-Forwarded-Proto: https"]
    command = [program("wrk"), *options, *headers, url]
    done = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in done, done
    return float(re.search(r"Requests/sec:\s+([\d.]+)", done)[1])
