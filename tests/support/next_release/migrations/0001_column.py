from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            "ALTER TABLE walks_walk ADD COLUMN next_release text", "ALTER TABLE walks_walk DROP COLUMN next_release"
        )
    ]
