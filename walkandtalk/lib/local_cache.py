"""Copies of rows that hardly ever change, in the memory of each process.

The default cache is in PostgreSQL, so that limits and used codes are the same for every process. It would cost a page a
query, and only what may differ between two processes for a while belongs here.
"""

from django.core.cache import caches
from django.utils.connection import ConnectionProxy

local_cache = ConnectionProxy(caches, "local")
