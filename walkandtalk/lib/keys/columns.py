"""The columns that hold something made with a key, found by the class of their fields.

Each says which of its rows were made with another key than the first. So a rotation needs no record of its progress.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, TypeAlias

from django.apps import apps
from django.db import connection, models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now

from walkandtalk.lib.encryption import current_header
from walkandtalk.lib.fields import EncryptedField
from walkandtalk.lib.keys.index_keys import MARK_LENGTH, SEARCH_KEYS, current_key, index_keys
from walkandtalk.lib.keys.keyed_hashes import KeyedHashField, SearchKeysField, hashed_with_another_key

AnyEncryptedField: TypeAlias = "EncryptedField[Any, Any]"
RotatedField: TypeAlias = "AnyEncryptedField | KeyedHashField | SearchKeysField"


@dataclass(frozen=True)
class Table:
    """A model, and its columns that `rotate_keys` writes again in one step."""

    model: type[models.Model]
    fields: tuple[RotatedField, ...]

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    def outdated(self) -> models.QuerySet[models.Model]:
        """Return the rows of which some column was made with an older key."""
        rows = self.model._base_manager.all()
        for field in self.fields:
            if isinstance(field, EncryptedField):
                header = Func(
                    F(field.attname), 1, len(current_header()), function="substr", output_field=models.BinaryField()
                )
                rows = rows.alias(**{f"key_of_{field.attname}": header})
        return rows.filter(reduce(or_, map(_is_outdated, self.fields)))


def tables() -> list[Table]:
    """Return every table with something to write again, in a fixed order."""
    found = [Table(model, _rotated_fields(model)) for model in apps.get_models() if not model._meta.proxy]
    return sorted((table for table in found if table.fields), key=lambda table: table.name)


def _rotated_fields(model: type[models.Model]) -> tuple[RotatedField, ...]:
    """Return the encrypted fields first, because making a hash again reads them."""
    every = model._meta.concrete_fields
    sealed = [field for field in every if isinstance(field, EncryptedField)]
    hashed = [field for field in every if isinstance(field, KeyedHashField) and field.of]
    return (*sealed, *hashed, *(field for field in every if isinstance(field, SearchKeysField)))


def one_way_hashes(*, purpose: str = "") -> Iterator[KeyedHashField]:
    """Yield the columns with hashes of what only people have: PINs, and tokens in links."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, KeyedHashField) and not field.of and purpose in ("", field.purpose):
                yield field


def _is_outdated(field: RotatedField) -> Q:
    name = field.attname
    if isinstance(field, EncryptedField):
        return Q(**{f"{name}__isnull": False}) & ~Q(**{f"key_of_{name}": current_header()})
    if isinstance(field, SearchKeysField):
        first = current_key().number_mark * SEARCH_KEYS
        return Q(**{f"{name}__0__lt": first}) | Q(**{f"{name}__0__gte": first + SEARCH_KEYS})
    if field.is_second:  # nothing to do while there are two keys: it is written with the first one's
        return Q() if len(index_keys()) > 1 else Q(**{f"{name}__gt": ""})
    return hashed_with_another_key(name)


# --- Counting ---------------------------------------------------------------------------------------------------------


def count_sealed(field: AnyEncryptedField) -> Counter[str]:
    """Return how many values each key of FIELD_KEYS has sealed in this column."""
    column = _quoted(str(field.column))
    return _count(
        f"SELECT encode(substr({column}, 3, get_byte({column}, 1)), 'escape'), count(*) "  # noqa: S608
        f"FROM {_table_of(field)} WHERE length({column}) > 2 GROUP BY 1"
    )


def count_hashed(field: KeyedHashField) -> Counter[str]:
    """Return how many hashes that still matter each key of INDEX_KEY has made in this column, by its mark."""
    rows = field.model._base_manager.filter(**{f"{field.attname}__gt": ""})
    if field.since:
        rows = rows.filter(**{f"{field.since}__gt": Now() - field.lasts})
    mark = Func(F(field.attname), Value(MARK_LENGTH), function="left", output_field=models.CharField())
    return Counter(dict(rows.order_by().values(mark=mark).values_list("mark", models.Count("pk"))))


def count_numbers(field: SearchKeysField) -> Counter[str]:
    column = _quoted(str(field.column))
    found = _count(
        f"SELECT ({column}[1] / {SEARCH_KEYS})::text, count(*) "  # noqa: S608
        f"FROM {_table_of(field)} WHERE cardinality({column}) > 0 GROUP BY 1"
    )
    marks = {str(key.number_mark): key.mark for key in index_keys()}
    return Counter({marks.get(number, "unknown"): rows for number, rows in found.items()})


def _count(query: str) -> Counter[str]:
    """Run a query over the names of our own columns."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return Counter(dict(cursor.fetchall()))


def _table_of(field: RotatedField) -> str:
    return _quoted(field.model._meta.db_table)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
