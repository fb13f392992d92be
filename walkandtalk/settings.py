"""Settings of Walk and Talk.

WALKANDTALK_ENV chooses between development, where `make run` starts PostgreSQL, Redis and a mail sink, and production,
which refuses to start without every variable in REQUIRED_IN_PRODUCTION. docs/operating.md explains each of them. All
are read through walkandtalk.lib.variables, which names every wrong one at once.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from walkandtalk import timetable
from walkandtalk.lib.force_sign_in import read_force_sign_in
from walkandtalk.lib.monitoring.log_lines import logging_settings
from walkandtalk.lib.organisation import read_organisation
from walkandtalk.lib.variables import addresses
from walkandtalk.lib.variables.reader import INDEX_KEY_CHARACTERS, SECRET_KEY_CHARACTERS, Variables

BASE_DIR = Path(__file__).resolve().parent.parent
REQUIRED_IN_PRODUCTION = [
    "SECRET_KEY",
    "FIELD_KEYS",
    "INDEX_KEY",
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "PUBLIC_URL",
    "DISCREET_URL",
    "FROM_EMAIL",
    "DISCREET_FROM_EMAIL",
    "AUDITOR_EMAIL",
    "ERASURES_OPTIONS",
    "ORGANISATION_NAME",
    "ORGANISATION_ADDRESS",
    "ORGANISATION_DATA_CONTROLLER",
    "ORGANISATION_LEGAL_BASIS",
    "ORGANISATION_DATA_PROTECTION",
    "ORGANISATION_COMPLAINTS",
    "ORGANISATION_PHONE",
    "ORGANISATION_PHONE_HOURS",
]

environment = os.environ.get("WALKANDTALK_ENV", "development")
if environment not in ("development", "production"):
    raise ImproperlyConfigured(f"WALKANDTALK_ENV is “{environment}”. Set it to production, or to development.")
DEVELOPMENT = environment == "development"

# --- What differs between development and production ------------------------------------------------------------------
if DEVELOPMENT:
    # A deployment that forgot WALKANDTALK_ENV must not start with development's open pages and demo passwords.
    external = [name for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL") if os.environ.get(name)]
    if external:
        raise ImproperlyConfigured(
            f"Set WALKANDTALK_ENV=production, or unset {' and '.join(external)}: "
            "development uses the PostgreSQL and Redis that `make run` starts."
        )
    from devtools.stack import development  # here, because production runs without it

    env = Variables(os.environ, is_production=False, defaults=development.variables())
    DATABASES: dict[str, Any] = {"default": development.database()}
    DATABASE_OWNER: dict[str, Any] | None = development.database_owner()
    REDIS_URL = development.redis_url()
else:
    env = Variables(os.environ, is_production=True, defaults={})
    env.require(REQUIRED_IN_PRODUCTION)
    DATABASES = {"default": env.database("DATABASE_URL")}
    # Only `manage.py prepare_database` has this variable. The processes that serve people must not.
    DATABASE_OWNER = env.database("DATABASE_OWNER_URL") or None
    REDIS_URL = env.queue("REDIS_URL")
VARIABLES = env  # for `manage.py doctor`
SECRET_KEY = env.secret("SECRET_KEY", least=SECRET_KEY_CHARACTERS)
FIELD_KEYS = env.field_keys("FIELD_KEYS")
INDEX_KEY = env.index_keys("INDEX_KEY", least=INDEX_KEY_CHARACTERS)
PUBLIC_URL, DISCREET_URL = env.origin("PUBLIC_URL"), env.origin("DISCREET_URL")
FROM_EMAIL, DISCREET_FROM_EMAIL = env.sender("FROM_EMAIL"), env.sender("DISCREET_FROM_EMAIL")
AUDITOR_EMAIL = env.inbox("AUDITOR_EMAIL")  # read by someone who is neither inspector nor administrator
CONDUCT_INBOX = env.inbox("CONDUCT_INBOX")  # professional standards; if empty, pages name only those outside
if not DEVELOPMENT:
    env.refuse(
        addresses.faults_of_pair(
            public=PUBLIC_URL, discreet=DISCREET_URL, public_sender=FROM_EMAIL, discreet_sender=DISCREET_FROM_EMAIL
        )
    )
# No requests for a BCU whose team nobody can reach (docs/rules.md#placeholders). In development nobody has to.
PLACEHOLDERS_CLOSE_BCUS = not DEVELOPMENT

# --- The demo of development ------------------------------------------------------------------------------------------
DEMO, DEMO_WEEK = False, False
DEMO_PASSWORD = "walk-and-talk-demo"  # noqa: S105  # in the README, so production refuses it
if DEVELOPMENT:
    DEMO, DEMO_WEEK = env.yes_or_no("DEMO", default=True), env.yes_or_no("DEMO_WEEK", default=True)
    DEMO_PASSWORD = env.text("DEMO_PASSWORD", DEMO_PASSWORD)

# --- The database -----------------------------------------------------------------------------------------------------
DATABASES["default"]["ENGINE"] = "walkandtalk.lib.database.postgresql"
DATABASES["default"]["CONN_MAX_AGE"] = env.whole_number("CONN_MAX_AGE", 60, most=3600)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# A list joins up to thirteen tables, each by its key. PostgreSQL took 40 ms to compare their orders, and 2 ms to read.
# Left to think of a disk that turns, it read all 200,000 events to find those of 400 concerns: 95 ms instead of 19.
database_options = DATABASES["default"].setdefault("OPTIONS", {})
session = f"-c join_collapse_limit=4 -c random_page_cost=1.1 {database_options.get('options', '')}".strip()
# Behind pgbouncer in transaction mode a connection has no session: deploy/postgresql/pgbouncer.ini has these options.
DATABASE_POOLER = env.yes_or_no("DATABASE_POOLER", default=False)
if DATABASE_POOLER and DATABASE_OWNER:
    env.refuse(["Unset DATABASE_POOLER for prepare_database, and connect to PostgreSQL itself."])
if DATABASE_POOLER:
    DATABASES["default"] |= {"POOLER": True, "DISABLE_SERVER_SIDE_CURSORS": True}
else:
    database_options["options"] = session
# A copy that only reads, on which the figures are counted (figures.replica). No pooler is in front of it.
replica = env.database("DATABASE_REPLICA_URL")
if replica and not DEVELOPMENT:
    replica |= {"CONN_MAX_AGE": 0, "ENGINE": DATABASES["default"]["ENGINE"]}
    replica.setdefault("OPTIONS", {})["options"] = f"{session} -c default_transaction_read_only=on"
    DATABASES["replica"] = replica
DATABASE_ROUTERS = ["walkandtalk.lib.database.replica.ReplicaRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Mail: everything goes through the outbox -------------------------------------------------------------------------
EMAIL_BACKEND = "outbox.sending.smtp.EmailBackend"
email = env.mail_server("EMAIL_URL")
EMAIL_HOST = email["EMAIL_HOST"]
EMAIL_PORT = email["EMAIL_PORT"] or 25
EMAIL_HOST_USER = email.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = email.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = email.get("EMAIL_USE_SSL", False)
DEFAULT_FROM_EMAIL = FROM_EMAIL
# The function that asks the mail server about a message whose reply was lost (outbox.sending.reconciliation).
EMAIL_RECONCILER = env.text("EMAIL_RECONCILER")
BOUNCE_WEBHOOK = env.text("BOUNCE_WEBHOOK")  # the mail service that reports bounces; empty if none does
ANYMAIL = {"WEBHOOK_SECRET": env.text("BOUNCE_WEBHOOK_SECRET")}
if BOUNCE_WEBHOOK and ":" not in ANYMAIL["WEBHOOK_SECRET"]:
    env.refuse(["BOUNCE_WEBHOOK needs BOUNCE_WEBHOOK_SECRET in the form user:password."])
EMAIL_PER_MINUTE = env.whole_number("EMAIL_PER_MINUTE", 0)  # 0 means no limit
# How long an inspector can undo a decision, while its messages wait. At most 120, because the queue hands a task to a
# second worker after five minutes. 0 switches it off.
UNDO_SECONDS = env.whole_number("UNDO_SECONDS", 30, most=120)

# --- Hosts: one application, a public address and a neutral one -------------------------------------------------------
DISCREET_HOST = urlsplit(DISCREET_URL).netloc
ALLOWED_HOSTS = [host for host in (urlsplit(PUBLIC_URL).hostname, urlsplit(DISCREET_URL).hostname) if host]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL, DISCREET_URL]
TRUSTED_PROXY_COUNT = env.whole_number("TRUSTED_PROXY_COUNT", 0, most=5)
if proxy_ssl_header := env.proxy_header("SECURE_PROXY_SSL_HEADER", behind_proxy=TRUSTED_PROXY_COUNT > 0):
    SECURE_PROXY_SSL_HEADER = proxy_ssl_header

LEAVE_URL = env.page("LEAVE_URL", "https://www.bbc.co.uk/weather")  # the target of "Exit this page"

# Films in British Sign Language, by Easy Read page. If empty, pages say nothing of a film.
BSL_FILMS = {
    "how-it-works": env.page("BSL_FILM_HOW_IT_WORKS"),
    "staying-safe": env.page("BSL_FILM_STAYING_SAFE"),
    "what-you-say": env.page("BSL_FILM_WHAT_YOU_SAY"),
}

# --- Who runs the service: text | owner | date checked. Production needs each; these are examples ---------------------
ORGANISATION = env.attempt(
    lambda: read_organisation(
        name=env.text("ORGANISATION_NAME", "the Metropolitan Police Service | Scheme lead | 2026-11-28"),
        address=env.text(
            "ORGANISATION_ADDRESS",
            "New Scotland Yard, Victoria Embankment, London SW1A 2JL | Scheme lead | 2026-11-28",
        ),
        data_controller=env.text(
            "ORGANISATION_DATA_CONTROLLER", "The Commissioner of Police of the Metropolis | Data office | 2026-11-28"
        ),
        legal_basis=env.text(
            "ORGANISATION_LEGAL_BASIS",
            "Public task: Article 6(1)(e) of the UK GDPR, with section 8 of the Data Protection Act 2018. For what "
            "says something about health or disability: explicit consent, Article 9(2)(a). | Data office | 2026-11-28",
        ),
        data_protection=env.text(
            "ORGANISATION_DATA_PROTECTION", "Data Protection Officer, data@example.com | Data office | 2026-11-28"
        ),
        complaints=env.text("ORGANISATION_COMPLAINTS", "complaints@example.com | Scheme lead | 2026-11-28"),
        phone=env.text("ORGANISATION_PHONE", "020 7946 0100 | Scheme lead | 2026-11-28"),  # a number kept for fiction
        phone_hours=env.text("ORGANISATION_PHONE_HOURS", "every day, 7am to 11pm | Scheme lead | 2026-11-28"),
    )
)

# --- How long things are kept: the privacy page shows these same figures ----------------------------------------------
KEEP_UNCONFIRMED_DAYS = env.whole_number("KEEP_UNCONFIRMED_DAYS", 7, least=1, most=3650)
KEEP_ENDED_DAYS = env.whole_number("KEEP_ENDED_DAYS", 90, least=1, most=3650)
KEEP_CONCERNS_YEARS = env.whole_number("KEEP_CONCERNS_YEARS", 3, least=1, most=100)
KEEP_HISTORY_YEARS = env.whole_number("KEEP_HISTORY_YEARS", 6, least=1, most=100)
# The figures of the last twelve months count these rows.
KEEP_MESSAGES_DAYS = env.whole_number("KEEP_MESSAGES_DAYS", 400, least=1, most=3650)

# --- Limits against robots and floods: generous, since a refuge or a mobile network shares one address ----------------
SEND_AFTER_SECONDS = env.whole_number("SEND_AFTER_SECONDS", 1, most=60)
REQUESTS_PER_NETWORK_AN_HOUR = env.whole_number("REQUESTS_PER_NETWORK_AN_HOUR", 60, least=1)
LINKS_PER_NETWORK_AN_HOUR = env.whole_number("LINKS_PER_NETWORK_AN_HOUR", 30, least=1)
REQUESTS_PER_ADDRESS_A_DAY = env.whole_number("REQUESTS_PER_ADDRESS_A_DAY", 5, least=1)

# --- Need to know: what one member of staff may open, and search for, within an hour ----------------------------------
BOOKINGS_PER_PERSON_AN_HOUR = env.whole_number("BOOKINGS_PER_PERSON_AN_HOUR", 60, least=1)
SEARCHES_PER_PERSON_AN_HOUR = env.whole_number("SEARCHES_PER_PERSON_AN_HOUR", 60, least=1)

# --- Two administrators (docs/rules.md#two-administrators) ------------------------------------------------------------
PROPOSALS_PER_PERSON_AN_HOUR = env.whole_number("PROPOSALS_PER_PERSON_AN_HOUR", 30, least=1)

# --- The control room's check (docs/rules.md#the-control-rooms-check) -------------------------------------------------
CHECKS_PER_PERSON_AN_HOUR = env.whole_number("CHECKS_PER_PERSON_AN_HOUR", 30, least=1)
CHECKS_PER_NETWORK_AN_HOUR = env.whole_number("CHECKS_PER_NETWORK_AN_HOUR", 300, least=1)

# --- Partners (docs/rules.md#partners) --------------------------------------------------------------------------------
# Lets the Open311 client connect to this machine, for tests of it. Nothing else reads private addresses.
OPEN311_LOCAL_SERVER = env.yes_or_no("OPEN311_LOCAL_SERVER", default=False)
if OPEN311_LOCAL_SERVER and not DEVELOPMENT:
    env.refuse(["Unset OPEN311_LOCAL_SERVER: production connects to public addresses alone."])

# --- The application --------------------------------------------------------------------------------------------------
DEBUG = False
ROOT_URLCONF = "walkandtalk.urls"
WSGI_APPLICATION = "walkandtalk.wsgi.application"
INSTALLED_APPS = [
    "django.contrib.admin",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "accounts",  # before Django's, because its commands that make accounts write the security log
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "csp",
    "pgtrigger",
    "walkandtalk.lib.database",
    "walkandtalk.lib.keys",
    "walkandtalk.lib.govuk",
    "outbox",
    "partners",  # before boroughs, because its load_reference_data adds the partners
    "boroughs",
    "walks",
    "bookings",
    "feedback",
    "figures",
    "administration",
    "audit",
    "data_rights",
    "doctor",
]
if DEVELOPMENT:
    INSTALLED_APPS.append("devtools")
MIDDLEWARE = [
    "walkandtalk.monitoring.request_log.RequestLogMiddleware",
    "walkandtalk.middleware.NoStoreMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "walkandtalk.middleware.MonitoringHostMiddleware",
    "walkandtalk.middleware.DiscreetHostMiddleware",
    "walkandtalk.middleware.ReadableTextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "walkandtalk.middleware.StaffSessionMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.second_factor.middleware.SecondFactorMiddleware",
    "walkandtalk.middleware.ReadLogMiddleware",
    "walkandtalk.middleware.SecurityLogMiddleware",
    "walkandtalk.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "walkandtalk.middleware.MethodNotAllowedMiddleware",
    "walkandtalk.middleware.NeedToKnowMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["walkandtalk.lib.compact_templates.Loader", "django.template.loaders.app_directories.Loader"],
                ),
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "walkandtalk.staff_navigation.staff_navigation",
                "bookings.decisions.undo_banner.undo_banner",
                "bookings.decisions.list_address.keep_list",
            ],
        },
    },
]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SHARED_CACHE_TABLE = "shared_cache"
CACHES = {
    # Shared by every process: the limits and used codes of django-allauth.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": SHARED_CACHE_TABLE,
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},  # walkandtalk.lib.local_cache
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
# English is the only language so far, although every public text goes through gettext. For a second one, set this to
# True and add LANGUAGES and LOCALE_PATHS. Until then, looking up English texts would take an eighth of a page's time.
USE_I18N = False
DATE_FORMAT, TIME_FORMAT, DATETIME_FORMAT = "j F Y", "H:i", "j F Y, H:i"
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]
FIRST_DAY_OF_WEEK = 1

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "var" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "walkandtalk.lib.static_files.HashedStaticFiles"},
    # The ledger of erasures, outside the database: a folder that every process shares, or an object store.
    "erasures": {
        "BACKEND": env.text("ERASURES_BACKEND", "django.core.files.storage.FileSystemStorage"),
        "OPTIONS": env.json_object("ERASURES_OPTIONS"),
    },
}

# --- Signing in -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "boroughs.Officer"
AUTHENTICATION_BACKENDS = ["accounts.sign_in.backends.OfficerBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.validators.StaffPasswordValidator", "OPTIONS": {"min_length": 12}},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "staff-home"
LOGOUT_REDIRECT_URL = "accounts:sign_in"
# Everyone needs a second factor. The demo says in a banner that it can do without one.
REQUIRE_SECOND_FACTOR = env.yes_or_no("REQUIRE_SECOND_FACTOR", default=False) if DEVELOPMENT else True
STAFF_IDLE = timedelta(minutes=15)
STAFF_LONGEST = timedelta(hours=10)
STAFF_SESSION_COOKIE_AGE = timedelta(hours=24)  # for the walk buttons, after the two limits above
# Wrong passwords that we check: in a quarter of an hour, and for one name in an hour (docs/rules.md#wrong-passwords).
WRONG_PASSWORDS_PER_PAIR = env.whole_number("WRONG_PASSWORDS_PER_PAIR", 5, least=1)
WRONG_PASSWORDS_PER_NETWORK = env.whole_number("WRONG_PASSWORDS_PER_NETWORK", 20, least=1)
WRONG_PASSWORDS_PER_NAME = env.whole_number("WRONG_PASSWORDS_PER_NAME", 20, least=1)
WRONG_PASSWORDS_PER_NAME_A_DAY = env.whole_number("WRONG_PASSWORDS_PER_NAME_A_DAY", 100, least=1)
WRONG_PASSWORDS_PER_KNOWN_BROWSER = env.whole_number("WRONG_PASSWORDS_PER_KNOWN_BROWSER", 10, least=1)
WRONG_PASSWORDS_PER_IPV6_SITE = 5 * WRONG_PASSWORDS_PER_NETWORK  # a /48, which holds 65,536 networks
# Right passwords count here as well, because each check takes CPU.
PASSWORD_CHECKS_PER_ACCOUNT = env.whole_number("PASSWORD_CHECKS_PER_ACCOUNT", 30, least=1)
RESETS_PER_NETWORK_AN_HOUR = env.whole_number("RESETS_PER_NETWORK_AN_HOUR", 30, least=1)  # "Forgotten your password?"
RESETS_PER_ADDRESS_AN_HOUR = env.whole_number("RESETS_PER_ADDRESS_AN_HOUR", 3, least=1)
PASSWORD_REFUSAL_SECONDS = 2  # so that a client who asks again at once, and is refused again, takes little CPU

# django-allauth runs the steps of signing in and keeps second factors. Its pages for signing up, email addresses and
# passwords have no address here (docs/decisions/sign-in.md).
ACCOUNT_ADAPTER = "accounts.sign_in.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator enters the address, and the invitation proves it
ACCOUNT_LOGIN_TIMEOUT = 5 * 60  # seconds between the password and the second step
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
# Wrong codes of one person. Someone with their password, or at their unlocked computer, can use them up: a new
# password gives them back, and confirming has a count of its own (accounts/second_factor/tries.py).
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key,50/d/key", "reauthenticate": "30/m/user"}
MFA_ADAPTER = "accounts.second_factor.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEVELOPMENT  # http://localhost
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the address is not the person's to choose
MFA_TOTP_TOLERANCE = 1  # the code before and the next one too, because the clocks of phones differ
MFA_TOTP_ISSUER = "Walk and Talk"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}  # a station shares an address; there is nothing to guess
# The force's own sign-in, by OpenID Connect. With it on, nobody else's password opens anything.
FORCE_SIGN_IN = env.attempt(lambda: read_force_sign_in(env.text, development=DEVELOPMENT))
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # an email address proves nothing: accounts.force_sign_in.connection
SOCIALACCOUNT_STORE_TOKENS = False

# --- Cookies and headers ----------------------------------------------------------------------------------------------
SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
SESSION_COOKIE_AGE = 30 * 60
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_AGE = None  # until the browser closes
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "walkandtalk.views.csrf_failure"
ANSWERS_COOKIE_NAME = "__Host-answers" if SECURE else "answers"
KNOWN_BROWSER_COOKIE_NAME = "__Host-known-browser" if SECURE else "known-browser"
KNOWN_BROWSER_LIFE = timedelta(days=90)
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
METRICS_TOKEN = env.text("METRICS_TOKEN")  # empty: no /metrics page
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"  # `no-referrer` makes browsers send `Origin: null`, and every POST a 403
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "display-capture", "fullscreen", "geolocation", "microphone", "payment", "usb")
}
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # a named constraint makes email addresses unique in lower case
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
# A file stays in memory and is never written to a disk. One that is larger than this is left out of the request.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 1

# --- Celery -----------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
# A web request must never wait for a queue that is down: with all of these settings a failed attempt takes about 1 ms.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "socket_connect_timeout": 0.5,
    "socket_timeout": 3,  # longer than a worker's one-second poll; the default would hold up a page for two minutes
    "visibility_timeout": 300,
    "unacked_restore_throttle": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 45  # longer than sending a message, shorter than a lease
CELERY_TASK_TIME_LIMIT = 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
JOBS = timetable.JOBS
CELERY_BEAT_SCHEDULE = timetable.CELERY_BEAT_SCHEDULE

# --- Logs and errors: ids and kinds, never a name, an address or a query string (docs/monitoring.md) ------------------
LOGGING_CONFIG = "walkandtalk.lib.monitoring.log_lines.configure"
LOGGING = logging_settings(readable=DEVELOPMENT)
# Where errors are sent, if anywhere. Without it we open no connection, and don't load the library.
SENTRY_DSN = env.error_server("SENTRY_DSN")
env.refuse_faults()  # here, so that one list has all of them, and before anything uses a variable
if SENTRY_DSN:
    from walkandtalk.lib.monitoring.sentry import start_sentry  # here, because the library is optional

    start_sentry(SENTRY_DSN)
