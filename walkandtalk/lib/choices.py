"""Model fields that keep their choices out of migrations, so that new wording needs no migration."""

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    ChoiceField = models.CharField
    IntegerChoiceField = models.PositiveSmallIntegerField
else:

    class ChoiceField(models.CharField):
        def deconstruct(self):
            name, _path, args, kwargs = super().deconstruct()
            kwargs.pop("choices", None)
            return name, "django.db.models.CharField", args, kwargs

    class IntegerChoiceField(models.PositiveSmallIntegerField):
        def deconstruct(self):
            name, _path, args, kwargs = super().deconstruct()
            kwargs.pop("choices", None)
            return name, "django.db.models.PositiveSmallIntegerField", args, kwargs
