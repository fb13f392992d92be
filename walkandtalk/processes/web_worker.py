"""The worker of gunicorn, with an end that loses no request.

When gunicorn is told to stop, its own worker leaves its socket open until the last answer is finished. Until then the
system goes on accepting connections for it, and resets them at the end: the proxy answers those with 502, and may not
send a POST again. This one takes what has arrived and closes its socket at once, so that the proxy's next connection is
refused, and goes to another process. A socket that systemd holds stays open, and connections wait there.
"""

from gunicorn.workers.gthread import ThreadWorker


class WebWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no type hints
    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if not self.alive:
            self._take_what_has_arrived()
            for listener in self.sockets:
                listener.close()

    def _take_what_has_arrived(self) -> None:
        for listener in self.sockets:
            listener.setblocking(False)  # noqa: FBT003  # the socket's own method
            accepted = -1
            while self.nr_conns > accepted:  # `accept` counts a connection, and does nothing if there is none
                accepted = self.nr_conns
                self.accept(listener)
