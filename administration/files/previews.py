"""The file that an administrator has uploaded and not yet imported: in the shared cache, for an hour.

The session holds its key, so a preview opens in no other session.
"""

import datetime

from django.http import HttpRequest
from import_export.tmp_storages import CacheStorage
from tablib import Dataset

from administration.files.sheets import read_sheet

SESSION_KEY = "people_file"
LIFETIME = datetime.timedelta(hours=1)


class PreviewStorage(CacheStorage):
    CACHE_LIFETIME = int(LIFETIME.total_seconds())
    CACHE_PREFIX = "people-file-"


def keep_file(request: HttpRequest, content: bytes) -> None:
    """Keep the file instead of an earlier one."""
    forget_file(request)
    storage = PreviewStorage()
    storage.save(content)
    request.session[SESSION_KEY] = storage.name


def kept_file(request: HttpRequest) -> Dataset | None:
    """Return the rows of the file, or None if there is none or its hour is over."""
    name = request.session.get(SESSION_KEY)
    content = PreviewStorage(name=name).read() if name else None
    return read_sheet(content) if content is not None else None


def forget_file(request: HttpRequest) -> None:
    name = request.session.pop(SESSION_KEY, None)
    if name:
        PreviewStorage(name=name).remove()
