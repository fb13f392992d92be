"""The settings of the web server, read as gunicorn reads them."""

import os
import runpy
from unittest import mock

from django.conf import settings


def gunicorn_settings():
    """Return the names of gunicorn.conf.py.

    It makes a folder for the counts of requests and names it in the environment, unless there is a name. Later
    processes of the tests would look for that folder.
    """
    with mock.patch.dict(os.environ, {"PROMETHEUS_MULTIPROC_DIR": "unused"}):
        return runpy.run_path(str(settings.BASE_DIR / "gunicorn.conf.py"))
