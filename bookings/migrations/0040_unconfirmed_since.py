from django.db import migrations, models
from django.db.models.functions import Now
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [("bookings", "0039_first_read_due_of_old_bookings")]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="unconfirmed_since",
            field=models.DateTimeField(
                db_default=Now(),
                default=timezone.now,
                editable=False,
                help_text="From when we wait for her to say that it was her: she asked, her address changed, an offer "
                "ended.",
            ),
        ),
    ]
