"""Finds the PINs behind hashes of an older key, so that nobody needs a new one because a key has changed.

A PIN has six digits, and whoever has the key and the hash can try them all: that is why the key is not in the database.
We have both. The PIN is in memory while its hash is made again, and is neither shown nor kept.
"""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q

from walkandtalk.lib.keys.columns import one_way_hashes
from walkandtalk.lib.keys.keyed_hashes import KeyedHashField, hashed_with_another_key
from walkandtalk.lib.tokens import find_pin, pin_hmac


def rotate_pins() -> Iterator[bool]:
    """Make each PIN's hash again. Yield whether it was written."""
    for field in one_way_hashes(purpose="pin"):
        rows = field.model._base_manager.filter(hashed_with_another_key(field.attname))
        for pk, stored in list(rows.order_by("pk").values_list("pk", field.attname)):
            yield _rotate_pin(field, pk, stored)


def _rotate_pin(field: KeyedHashField, pk: UUID, stored: str) -> bool:
    pin = find_pin(pk, stored)
    if pin is None:
        return False
    # If she has changed it meanwhile, her new one has a new hash already.
    same = Q(**{"pk": pk, field.attname: stored})
    return bool(field.model._base_manager.filter(same).update(**{field.attname: pin_hmac(pk, pin)}))
