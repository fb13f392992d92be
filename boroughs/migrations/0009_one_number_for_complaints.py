from django.db import migrations, models


def take_the_number_out(apps, schema_editor):
    """It stands in the help contacts, where somebody checks it."""
    contact = apps.get_model("boroughs", "HelpContact").objects.filter(purpose="complain").first()
    words = apps.get_model("boroughs", "Statement").objects.filter(code="complain").first()
    if contact is not None and words is not None and contact.number in words.text:
        words.text = words.text.replace(contact.number, "{number}")
        words.save(update_fields=["text"])


def put_the_number_back(apps, schema_editor):
    contact = apps.get_model("boroughs", "HelpContact").objects.filter(purpose="complain").first()
    words = apps.get_model("boroughs", "Statement").objects.filter(code="complain").first()
    if contact is not None and words is not None:
        words.text = words.text.replace("{number}", contact.number)
        words.save(update_fields=["text"])


class Migration(migrations.Migration):

    dependencies = [
        ("boroughs", "0008_help_contacts_on_pages"),
    ]

    operations = [
        migrations.AlterField(
            model_name="statement",
            name="text",
            field=models.CharField(
                blank=True,
                help_text="Leave it empty to say nothing of it. {number} is that of the help contact for complaints.",
                max_length=300,
            ),
        ),
        migrations.RunPython(take_the_number_out, put_the_number_back),
    ]
