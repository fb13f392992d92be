"""Model fields that are encrypted in the database and plain in Python.

Each value is bound to its table, column and row, so the model needs a UUID primary key that is known before the first
save. A value from the database stays sealed until code reads the attribute, because only then is the row known.
If you rename the table or the column, a migration must decrypt the values and encrypt them again.
"""

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django import forms
from django.core import checks
from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query_utils import DeferredAttribute
from django.utils.functional import Promise

from walkandtalk.lib.encryption import DecryptionError, decrypt, encrypt, seal_again
from walkandtalk.lib.reading import note_read

__all__ = ["DecryptionError", "EncryptedJSONField", "EncryptedTextField", "EncryptedValue"]

Set = TypeVar("Set")
Get = TypeVar("Get")

if TYPE_CHECKING:
    Field = models.Field
else:

    class Field(models.Field):
        """Accepts type arguments, which Django's own field does not at run time."""

        def __class_getitem__(cls, types):
            return cls


@dataclass(frozen=True, repr=False)
class EncryptedValue:
    """A value as the database stores it. `values()` returns this, because it doesn't know the row."""

    data: bytes

    def __repr__(self) -> str:
        return "<sealed>"


class EncryptedAttribute(DeferredAttribute):
    """Decrypts the value when it is first read, and keeps it decrypted on that instance."""

    field: "EncryptedField[Any, Any]"

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        if value is not None:
            note_read(instance)
        if isinstance(value, EncryptedValue):
            value = instance.__dict__[self.field.attname] = self.field.decrypt_value(value, instance)
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        # Because __set__ exists, Python calls __get__ even if the value is in __dict__.
        instance.__dict__[self.field.attname] = value


class EncryptedField(Field[Set, Get], ABC):
    """Base class of the encrypted fields."""

    descriptor_class = EncryptedAttribute

    @abstractmethod
    def dump(self, value: Any) -> str:
        """Convert a value to text."""

    @abstractmethod
    def load(self, text: str) -> Any:
        """Convert such a text back to a value."""

    def encrypt_value(self, value: Any, instance: models.Model) -> EncryptedValue:
        return EncryptedValue(encrypt(self.dump(value), place=self._place(instance)))

    def decrypt_value(self, sealed: EncryptedValue, instance: models.Model) -> Any:
        return self.load(decrypt(sealed.data, place=self._place(instance)))

    def sealed_again(self, instance: models.Model) -> bytes | None:
        """Return what the row should hold, sealed with the first key. The text is read by nobody."""
        value = instance.__dict__[self.attname]
        return None if value is None else seal_again(value.data, place=self._place(instance))

    def _place(self, instance: models.Model) -> str:
        if instance.pk is None:
            raise ValueError(f"{self} is bound to its row, so the primary key must be set before it is saved.")
        return f"{self.model._meta.db_table}.{self.column}.{UUID(str(instance.pk))}"

    def get_internal_type(self) -> str:
        return "BinaryField"

    def pre_save(self, model_instance: models.Model, add: bool) -> EncryptedValue | None:
        value = getattr(model_instance, self.attname)
        return None if value is None else self.encrypt_value(value, model_instance)

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        if value is None:
            return None
        if not isinstance(value, EncryptedValue):
            # update(), bulk_update(), raw fixtures and column defaults have no row to bind the value to.
            raise FieldError(f"{self} is bound to its row: set it on an instance and call save().")
        return connection.Database.Binary(value.data)  # type: ignore[attr-defined]

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> EncryptedValue | None:
        return None if value is None else EncryptedValue(bytes(value))

    def get_lookup(self, lookup_name: str) -> "type[models.Lookup[Any]] | None":
        if lookup_name != "isnull":
            raise FieldError(f"{self} is encrypted, so it supports no lookup except isnull.")
        return super().get_lookup(lookup_name)

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        return [*super().check(**kwargs), *self._check_primary_key(), *self._check_not_compared()]

    def _check_primary_key(self) -> list[checks.CheckMessage]:
        key = self.model._meta.pk
        target: Any = getattr(key, "target_field", key)
        if isinstance(target, models.UUIDField):
            return []
        return [checks.Error("A model with encrypted fields needs a UUID primary key.", obj=self, id="fields.WT01")]

    def _check_not_compared(self) -> list[checks.CheckMessage]:
        if not (self.unique or getattr(self, "db_index", False) or self.has_db_default()):
            return []
        return [
            checks.Error(
                "An encrypted field cannot be unique, indexed or have a db_default.", obj=self, id="fields.WT02"
            )
        ]


class EncryptedTextField(EncryptedField[Set, Get]):
    """Text. '' stays '', and None stays None if null=True."""

    if TYPE_CHECKING:
        # django-stubs reads the types of a field from these names; null=True adds None.
        _pyi_private_set_type: str
        _pyi_private_get_type: str

    description = "Encrypted text"

    def dump(self, value: str) -> str:
        if not isinstance(value, str | Promise):
            raise TypeError(f"{self} holds text, not {type(value).__name__}.")
        return str(value)

    def load(self, text: str) -> str:
        return text

    def to_python(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else str(value)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"widget": forms.Textarea, "max_length": self.max_length, **kwargs})


class EncryptedJSONField(EncryptedField[Set, Get]):
    """Any JSON value. None is stored as NULL."""

    if TYPE_CHECKING:
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    description = "Encrypted JSON"
    empty_strings_allowed = False

    def dump(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def load(self, text: str) -> Any:
        return json.loads(text)

    def value_to_string(self, obj: models.Model) -> Any:
        return self.value_from_object(obj)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.JSONField, **kwargs})
