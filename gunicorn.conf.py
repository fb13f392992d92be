"""How web serves, on a desk as in production."""

import gc

workers = 2
threads = 4
# A worker takes no more than it can work on: whoever waits, waits before both, and comes to the one that is free.
worker_connections = threads
keepalive = 0  # seconds: a connection that is kept open and asks nothing would hold one of these places
preload_app = True  # once for all workers, which share that memory
control_socket_disable = True


def when_ready(_server: object) -> None:
    """What was loaded stays. Looking through it for garbage would cost each request, and unshare its memory."""
    gc.collect()
    gc.freeze()
