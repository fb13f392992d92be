"""A WSGI application whose answer takes a second, to be stopped meanwhile."""

import time


def application(environ, start_response):
    time.sleep(1)
    start_response("200 OK", [("Content-Length", "4")])
    return [b"done"]
