"""Settings of the web server, in development and in production."""

import gc

workers = 2
# Passwords may hold twelve of them and the force's sign-in four, which wait (accounts/password_tries/lanes.py).
threads = 18
# A worker accepts only what its threads can handle, so a waiting request goes to whichever worker is free first.
worker_connections = threads
keepalive = 0  # seconds; an idle connection that stays open would take up one of these places
preload_app = True  # load the code once, in memory that all workers share
control_socket_disable = True


def when_ready(_server: object) -> None:
    """Refuse a role that could change the logs, and a restored database. Exclude loaded code from garbage collection.

    Collecting it would slow requests and copy the shared memory.
    """
    from walkandtalk.lib.database import restores, roles  # here, because Django is set up by now

    roles.require_application_role()
    restores.require_complete_database()
    gc.collect()
    gc.freeze()
