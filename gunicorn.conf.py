"""How web serves, on a desk as in production."""

workers = 2
threads = 4
# A worker takes no more than it can work on: whoever waits, waits before both, and comes to the one that is free.
worker_connections = threads
keepalive = 0  # seconds: a connection that is kept open and asks nothing would hold one of these places
control_socket_disable = True
