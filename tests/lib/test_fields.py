import uuid

import pytest
from django import forms
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import connection, models
from django.db.migrations.writer import MigrationWriter
from django.test.utils import isolate_apps
from django.utils.translation import gettext_lazy

from tests.support.encryption_keys import make_field_key
from walkandtalk.lib.database import roles
from walkandtalk.lib.encryption import DecryptionError
from walkandtalk.lib.fields import EncryptedJSONField, EncryptedTextField, EncryptedValue


@pytest.fixture(scope="module")
def note_table(django_db_setup, django_db_blocker):
    """A model whose table the owner makes, because the role of the tests may not."""
    with isolate_apps("outbox"):

        class Note(models.Model):  # noqa: DJ008
            id = models.UUIDField(primary_key=True, default=uuid.uuid4)
            title = EncryptedTextField(blank=True)
            body = EncryptedTextField(null=True)
            answers = EncryptedJSONField(default=dict)
            colour = models.CharField(max_length=10, default="red")

            class Meta:
                app_label = "outbox"

        with django_db_blocker.unblock(), roles.as_owner(), connection.schema_editor() as editor:
            editor.create_model(Note)
            editor.execute(f"GRANT ALL ON {Note._meta.db_table} TO {settings.DATABASES['default']['USER']}")
        yield Note
        with django_db_blocker.unblock(), roles.as_owner(), connection.schema_editor() as editor:
            editor.delete_model(Note)


@pytest.fixture
def note_model(db, note_table):
    return note_table


def raw(note, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM outbox_note WHERE id = %s", [note.pk])
        value = cursor.fetchone()[0]
    return None if value is None else bytes(value)


def write_raw(note, column, value):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE outbox_note SET {column} = %s WHERE id = %s", [value, note.pk])


@pytest.mark.parametrize("text", ["", "Ada", "Zoë 🙂 שלום", "line\r\nbreak\x00"])
def test_text_is_read_back_unchanged(note_model, text):
    note = note_model.objects.create(title=text, body=text)

    saved = note_model.objects.get(pk=note.pk)

    assert (saved.title, saved.body) == (text, text)


def test_none_stays_none_and_empty_stays_empty(note_model):
    none, empty = note_model.objects.create(body=None), note_model.objects.create(body="")

    assert raw(none, "body") is None
    assert list(note_model.objects.filter(body__isnull=True)) == [none]
    assert note_model.objects.get(pk=empty.pk).body == ""


@pytest.mark.parametrize("value", [{}, {"name": "Zoë 🙂", "places": [1, None, {"a": True}]}, [], "text", 0])
def test_json_is_read_back_unchanged(note_model, value):
    note = note_model.objects.create(answers=value)

    assert note_model.objects.get(pk=note.pk).answers == value


def test_json_changed_in_place_is_saved(note_model):
    note = note_model.objects.create(answers={"age": "adult"})
    saved = note_model.objects.get(pk=note.pk)

    saved.answers["area"] = "E09000028"
    saved.save()

    assert note_model.objects.get(pk=note.pk).answers == {"age": "adult", "area": "E09000028"}


def test_column_holds_nothing_readable(note_model):
    note = note_model.objects.create(title="canary-7431", body="canary-7431", answers={"name": "canary-7431"})

    stored = raw(note, "title") + raw(note, "body") + raw(note, "answers")

    assert b"canary" not in stored
    assert b"7431" not in stored


def test_changed_value_raises_an_error(note_model):
    note = note_model.objects.create(title="Ada")
    changed = bytearray(raw(note, "title"))
    changed[-1] ^= 1
    write_raw(note, "title", bytes(changed))

    saved = note_model.objects.get(pk=note.pk)

    with pytest.raises(DecryptionError):
        _ = saved.title


def test_values_swapped_between_two_rows_raise_errors(note_model):
    ada, grace = note_model.objects.create(title="Ada"), note_model.objects.create(title="Grace")
    of_ada, of_grace = raw(ada, "title"), raw(grace, "title")
    write_raw(ada, "title", of_grace)
    write_raw(grace, "title", of_ada)

    for note in note_model.objects.all():
        with pytest.raises(DecryptionError):
            _ = note.title


def test_values_swapped_between_two_columns_raise_errors(note_model):
    note = note_model.objects.create(title="Ada", body="her notes")
    title, body = raw(note, "title"), raw(note, "body")
    write_raw(note, "title", body)
    write_raw(note, "body", title)
    saved = note_model.objects.get(pk=note.pk)

    with pytest.raises(DecryptionError):
        _ = saved.title
    with pytest.raises(DecryptionError):
        _ = saved.body


def test_copy_of_a_row_with_another_primary_key_raises_an_error(note_model):
    note = note_model.objects.get(pk=note_model.objects.create(title="Ada").pk)
    note.pk = uuid.uuid4()

    with pytest.raises(DecryptionError):
        note.save(force_insert=True)


def test_saving_again_encrypts_with_the_newest_key(note_model, settings):
    settings.FIELD_KEYS = [make_field_key("old")]
    note = note_model.objects.create(title="Ada")
    settings.FIELD_KEYS = [make_field_key("new"), *settings.FIELD_KEYS]

    note_model.objects.get(pk=note.pk).save()

    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    assert note_model.objects.get(pk=note.pk).title == "Ada"


def test_save_of_other_fields_leaves_the_value_alone(note_model):
    note = note_model.objects.create(title="Ada")
    previous = raw(note, "title")

    saved = note_model.objects.only("colour").get(pk=note.pk)
    saved.colour = "blue"
    saved.save()
    saved.save(update_fields=["colour"])

    assert raw(note, "title") == previous
    assert note_model.objects.get(pk=note.pk).colour == "blue"


def test_deferred_value_is_fetched_when_read(note_model, django_assert_num_queries):
    note_model.objects.create(title="Ada")
    saved = note_model.objects.defer("title").get()

    with django_assert_num_queries(1):
        titles = [saved.title, saved.title]

    assert titles == ["Ada", "Ada"]


def test_refresh_from_db_reads_the_value_again(note_model):
    note = note_model.objects.create(title="Ada")
    other = note_model.objects.get(pk=note.pk)
    other.title = "Grace"
    other.save(update_fields=["title"])

    note.refresh_from_db()

    assert note.title == "Grace"


def test_bulk_create_and_get_or_create_encrypt_too(note_model):
    bulk = note_model.objects.bulk_create([note_model(title=f"note {number}") for number in range(3)])
    made, is_new = note_model.objects.get_or_create(colour="green", defaults={"title": "Ada"})
    found, is_newer = note_model.objects.get_or_create(colour="green", defaults={"title": "Grace"})

    assert [note_model.objects.get(pk=note.pk).title for note in bulk] == ["note 0", "note 1", "note 2"]
    assert (made.title, is_new, found.title, is_newer) == ("Ada", True, "Ada", False)


def test_update_or_create_changes_the_value(note_model):
    note_model.objects.create(colour="green", title="Ada")

    note_model.objects.update_or_create(colour="green", defaults={"title": "Grace"})

    assert note_model.objects.get().title == "Grace"


@pytest.mark.parametrize("lookup", ["title", "title__icontains", "title__in", "title__startswith", "answers__name"])
def test_encrypted_columns_cannot_be_queried(note_model, lookup):
    with pytest.raises(FieldError, match="encrypted"):
        note_model.objects.filter(**{lookup: "Ada"})


def test_update_without_the_row_is_refused(note_model):
    note = note_model.objects.create(title="Ada")

    with pytest.raises(FieldError, match="bound to its row"):
        note_model.objects.update(title="Grace")
    with pytest.raises(FieldError, match="bound to its row"):
        note_model.objects.bulk_update([note], ["title"])


def test_values_return_sealed_values_that_show_nothing(note_model):
    note_model.objects.create(title="Ada")

    (value,) = note_model.objects.values_list("title", flat=True)

    assert isinstance(value, EncryptedValue)
    assert repr(value) == "<sealed>"


def test_text_field_accepts_only_text(note_model):
    note = note_model.objects.create(title=gettext_lazy("Ada"))

    assert note_model.objects.get(pk=note.pk).title == "Ada"
    with pytest.raises(TypeError, match="holds text"):
        note_model.objects.create(title=7)


def test_row_without_a_primary_key_is_refused(note_model):
    with pytest.raises(ValueError, match="primary key must be set"):
        note_model._meta.get_field("title").encrypt_value("Ada", note_model(pk=None))


def test_forms_ask_for_text_and_json(note_model):
    form = forms.modelform_factory(note_model, fields=["title", "answers"])({"title": "Ada 🙂", "answers": '{"a": 1}'})

    note = form.save()

    assert isinstance(form.fields["title"].widget, forms.Textarea)
    assert note_model.objects.get(pk=note.pk).title == "Ada 🙂"
    assert note_model.objects.get(pk=note.pk).answers == {"a": 1}


def test_migrations_write_the_field_as_it_is_declared():
    text, _ = MigrationWriter.serialize(EncryptedTextField(null=True, blank=True))
    data, _ = MigrationWriter.serialize(EncryptedJSONField(default=dict))

    assert text == "walkandtalk.lib.fields.EncryptedTextField(blank=True, null=True)"
    assert data == "walkandtalk.lib.fields.EncryptedJSONField(default=dict)"


@isolate_apps("outbox")
def test_checks_report_options_that_cannot_work():
    class Wrong(models.Model):  # noqa: DJ008
        code = EncryptedTextField(unique=True)

        class Meta:
            app_label = "outbox"

    assert [error.id for error in Wrong._meta.get_field("code").check()] == ["fields.WT01", "fields.WT02"]


@isolate_apps("outbox")
def test_checks_accept_a_foreign_primary_key():
    class Owner(models.Model):  # noqa: DJ008
        id = models.UUIDField(primary_key=True, default=uuid.uuid4)

        class Meta:
            app_label = "outbox"

    class Contact(models.Model):  # noqa: DJ008
        owner = models.OneToOneField(Owner, models.CASCADE, primary_key=True)
        name = EncryptedTextField()

        class Meta:
            app_label = "outbox"

    assert Contact._meta.get_field("name").check() == []
