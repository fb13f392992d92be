"""The real settings with a fast password hasher, plain static files and mail in memory."""

from walkandtalk.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "erasures": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
}
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405  # whitenoise warns if the folder is missing
SEND_AFTER_SECONDS = 0  # tests press buttons sooner than people do
PASSWORD_REFUSAL_SECONDS = 0  # and they don't flood
# Messages leave at once, so that a test of one of them doesn't have to wait. The tests of holding and undoing
# (tests/bookings/undo, tests/outbox/test_hold.py), the whole journey and `make faults` set it.
UNDO_SECONDS = 0
PLACEHOLDERS_CLOSE_BCUS = False  # the teams of tests have inboxes at example.com
# A test is one transaction, and on a busy machine minutes may pass between two of its queries.
DATABASES["default"]["OPTIONS"]["options"] += " -c idle_in_transaction_session_timeout=0"  # noqa: F405
if DEVELOPMENT:  # noqa: F405
    # This database is migrated already (tests/support/postgres_plugin.py). Copying it is far quicker than migrating.
    DATABASES["default"]["TEST"] = {"TEMPLATE": DATABASES["default"]["NAME"]}  # noqa: F405
