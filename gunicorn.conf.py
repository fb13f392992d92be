"""Settings of the web server, in development and in production."""

import gc

workers = 2
threads = 4
# A worker accepts only what its threads can handle, so a waiting request goes to whichever worker is free first.
worker_connections = threads
keepalive = 0  # seconds; an idle connection that stays open would take up one of these places
preload_app = True  # load the code once, in memory that all workers share
control_socket_disable = True


def when_ready(_server: object) -> None:
    """Exclude loaded code from garbage collection, which would slow requests and copy the shared memory."""
    gc.collect()
    gc.freeze()
