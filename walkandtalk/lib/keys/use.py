"""Count what is left under each key."""

from collections import Counter
from dataclasses import dataclass, field

from walkandtalk.lib.encryption import key_ids
from walkandtalk.lib.fields import EncryptedField
from walkandtalk.lib.keys.columns import count_hashed, count_numbers, count_sealed, one_way_hashes, tables
from walkandtalk.lib.keys.index_keys import index_keys
from walkandtalk.lib.keys.json_values import PLACES, count_json
from walkandtalk.lib.keys.keyed_hashes import KeyedHashField


@dataclass
class KeyUse:
    """The number of values that each key of one variable has made, by key and by column."""

    variable: str
    keys: list[str]
    columns: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, column: str, found: Counter[str]) -> None:
        for key, count in found.items():
            self.columns.setdefault(key, Counter())[column] += count

    def left(self, key: str) -> Counter[str]:
        """Return how many values of each column need this key."""
        return self.columns.get(key, Counter())

    @property
    def unknown(self) -> Counter[str]:
        """Return how many values of each column were made with a key that isn't here."""
        return sum((found for key, found in self.columns.items() if key not in self.keys), Counter())


def count_use() -> list[KeyUse]:
    sealed, hashed = KeyUse("FIELD_KEYS", key_ids()), KeyUse("INDEX_KEY", [key.mark for key in index_keys()])
    for table in tables():
        for column in table.fields:
            name = f"{table.name}.{column.column}"
            if isinstance(column, EncryptedField):
                sealed.add(name, count_sealed(column))
            elif not isinstance(column, KeyedHashField):
                hashed.add(name, count_numbers(column))
            elif not column.is_second:  # the second hash only connects rows, and goes with the second key
                hashed.add(name, count_hashed(column))
    for column in one_way_hashes():
        hashed.add(f"{column.model._meta.db_table}.{column.column}", count_hashed(column))
    sealed.add(" and ".join(f"{app}_{model}" for app, model, _field in PLACES), count_json())
    return [sealed, hashed]
