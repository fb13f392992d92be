from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0041_unconfirmed_since_of_old_bookings")]

    operations = [
        migrations.RemoveIndex(model_name="booking", name="unconfirmed_bookings"),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("confirmed_at", None), ("status", "waiting")),
                fields=["unconfirmed_since"],
                name="unconfirmed_bookings",
            ),
        ),
    ]
