from django.db import migrations, models
from django.utils.text import slugify


def name_addresses(apps, schema_editor):
    for bcu in apps.get_model("boroughs", "BoroughCommandUnit").objects.all():
        bcu.slug = slugify(bcu.name)
        bcu.save(update_fields=["slug"])


class Migration(migrations.Migration):

    dependencies = [
        ("boroughs", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="boroughcommandunit",
            name="slug",
            field=models.SlugField(db_default="", db_index=False),
        ),
        migrations.RunPython(name_addresses, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="boroughcommandunit",
            name="slug",
            field=models.SlugField(
                db_default="",
                help_text="Part of the address printed on posters. Those that hang stop working with it.",
                unique=True,
            ),
        ),
    ]
