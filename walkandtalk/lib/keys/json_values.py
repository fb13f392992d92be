"""Secrets sealed inside JSON, in tables whose fields are not ours or hold many kinds of values."""

import binascii
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models, transaction

from walkandtalk.lib.encryption import DecryptionError, decrypt, key_id_of, key_ids, seal_again

PLACES = {
    ("mfa", "authenticator", "data"): "mfa_authenticator.data",
    ("administration", "proposedchange", "after"): "administration_proposedchange.after.api_key",
}
"""The app, model and field, and the place for which their values are sealed."""
PREFIX = "sealed:"


def rotate_json() -> int:
    """Seal every secret with the first key. Return how many rows were written."""
    return sum(_rotate_row(model, pk, field, place) for model, field, place in _columns() for pk in _keys(model))


def count_json() -> Counter[str]:
    """Return how many secrets each key of FIELD_KEYS has sealed."""
    found: Counter[str] = Counter()
    for model, field, place in _columns():
        for value in model._base_manager.values_list(field, flat=True):
            found.update(key_id_of(sealed) for sealed in _secrets(value, place))
    return found


def _columns() -> Iterator[tuple[type[models.Model], str, str]]:
    for (app, model, field), place in PLACES.items():
        yield apps.get_model(app, model), field, place


def _keys(model: type[models.Model]) -> list[Any]:
    return list(model._base_manager.values_list("pk", flat=True))


@transaction.atomic
def _rotate_row(model: type[models.Model], pk: object, field: str, place: str) -> bool:
    row = model._base_manager.select_for_update(no_key=True).filter(pk=pk).first()
    before = getattr(row, field, None)
    after = _sealed_again(before, place)
    if row is None or after == before:
        return False
    setattr(row, field, after)
    row.save(update_fields=[field])
    return True


def _sealed_again(value: Any, place: str) -> Any:
    if isinstance(value, dict):
        return {name: _sealed_again(part, place) for name, part in value.items()}
    if isinstance(value, list):
        return [_sealed_again(part, place) for part in value]
    sealed = _unpack(value, place)
    if sealed is None:
        return value
    prefix = PREFIX if value.startswith(PREFIX) else ""
    return prefix + b64encode(seal_again(sealed, place=place)).decode()


def _secrets(value: Any, place: str) -> Iterator[bytes]:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    if parts is not None:
        for part in parts:
            yield from _secrets(part, place)
    elif (sealed := _unpack(value, place)) is not None:
        yield sealed


def _unpack(value: object, place: str) -> bytes | None:
    """Return the bytes of a secret, or None for anything else. Only the right key opens it, so nothing is mistaken."""
    if not isinstance(value, str):
        return None
    try:
        sealed = b64decode(value.removeprefix(PREFIX), validate=True)
        if key_id_of(sealed) not in key_ids():
            return None
        decrypt(sealed, place=place)
    except (binascii.Error, DecryptionError, ValueError):
        return None
    return sealed
