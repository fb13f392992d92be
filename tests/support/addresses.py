"""Every address of the service, from the URL configuration, and a check that a request changed no row."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass

from django.apps import apps
from django.contrib import admin
from django.db import connection, transaction
from django.urls import URLResolver, get_resolver

PRODUCT_APPS = ("outbox", "boroughs", "accounts", "walks", "bookings", "feedback", "figures", "administration", "mfa")
NEUTRAL = "neutral "
ABOUT_ONESELF = ("account_login", "account_reauthenticate", "accounts:", "mfa_", "staff-")
"""The beginnings of the names of addresses that show a person nothing but their own account."""
IGNORED_PREFIXES = ("admin/", "dev/", "dev/messages/")
URLCONFS = {"": "walkandtalk.urls", NEUTRAL: "walkandtalk.discreet_urls"}


@dataclass(frozen=True)
class Address:
    """An address with its name, such as `on_the_day:walk`, or `neutral manage:page` on the neutral host."""

    name: str
    route: str
    view: Callable

    @property
    def is_for_staff(self):
        return self.route.startswith("staff/") and not self.name.startswith(ABOUT_ONESELF)


def every_address():
    for prefix, urlconf in URLCONFS.items():
        yield from _addresses(get_resolver(urlconf), prefix)
    yield Address("admin:index", "admin/", admin.site.index)


def _addresses(resolver, name, route=""):
    for pattern in resolver.url_patterns:
        here = route + str(pattern.pattern)
        if not isinstance(pattern, URLResolver):
            yield Address(f"{name}{pattern.name or here}", here, pattern.callback)
        elif here not in IGNORED_PREFIXES:
            yield from _addresses(pattern, name + (f"{pattern.namespace}:" if pattern.namespace else ""), here)


def every_name():
    return sorted(address.name for address in every_address())


def fingerprint():
    """Return a hash for each of our tables, to see whether any row changed. Sessions and sign-in times don't count."""
    parts = [
        f"SELECT '{table}', coalesce(md5(string_agg((to_jsonb(t) - 'last_login')::text, ',' ORDER BY t::text)), '')"
        f' FROM "{table}" t'
        for table in _our_tables()
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


class RowWatch:
    """Tells whether any of our rows has changed, even in a transaction that will be rolled back."""

    def __init__(self, *, ignoring=()):
        self.tables = [table for table in _our_tables() if table not in ignoring]
        self.untouched = self._rows()
        self.written = self._count_written()

    def has_changed(self):
        """Compare all rows, but only if something was written since the last call, because comparing is slow."""
        before, self.written = self.written, self._count_written()
        return self.written != before and self._rows() != self.untouched

    def _rows(self):
        return {table: rows for table, rows in fingerprint().items() if table in self.tables}

    def _count_written(self):
        """Return how many rows this transaction has written so far, including those rolled back."""
        sql = (
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables"
            " WHERE relname = ANY(%s)"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [self.tables])
            return cursor.fetchone()[0]


def _our_tables():
    models = [model for label in PRODUCT_APPS for model in apps.get_app_config(label).get_models()]
    return sorted(model._meta.db_table for model in models)


@contextmanager
def rolled_back():
    """Roll back everything that happens in this block."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
