"""Settings of Walk and Talk.

WALKANDTALK_ENV chooses between development, where `make run` starts PostgreSQL, Redis and a mail sink, and production,
which refuses to start without every variable in REQUIRED_IN_PRODUCTION. docs/operating.md explains each of them.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import URLValidator, validate_email

from walkandtalk.lib.force_sign_in import read_force_sign_in
from walkandtalk.lib.json_lines import SHIPPED
from walkandtalk.lib.organisation import read_organisation

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

env = environ.Env()
environment = env.str("WALKANDTALK_ENV", "development")
if environment not in ("development", "production"):
    raise ImproperlyConfigured(f"WALKANDTALK_ENV is “{environment}”. Set it to production, or to development.")
DEVELOPMENT = environment == "development"

# --- What differs between development and production ------------------------------------------------------------------
if DEVELOPMENT:
    # A deployment that forgot WALKANDTALK_ENV must not start with development's open pages and demo passwords.
    external = [name for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL") if env.str(name, "")]
    if external:
        raise ImproperlyConfigured(
            f"Set WALKANDTALK_ENV=production, or unset {' and '.join(external)}: "
            "development uses the PostgreSQL and Redis that `make run` starts."
        )
    from devtools.stack import services  # here, because production runs without it

    VAR = services.var_folder()
    secrets = services.secrets(VAR)
    running = services.read(VAR)
    SECRET_KEY = env.str("SECRET_KEY", secrets["SECRET_KEY"])
    FIELD_KEYS = env.list("FIELD_KEYS", default=[secrets["FIELD_KEYS"]])
    INDEX_KEY = env.str("INDEX_KEY", secrets["INDEX_KEY"])
    DATABASES: dict[str, Any] = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": running.postgres_name if running else "walkandtalk",
            "USER": running.postgres_user if running else "walkandtalk",
            "HOST": running.postgres_socket if running else str(VAR),  # a socket path does not survive in a URL
        },
    }
    DATABASE_OWNER: dict[str, Any] | None = {"USER": running.postgres_owner if running else "walkandtalk_owner"}
    REDIS_URL: str | None = running.redis_url if running else None
    email: dict[str, Any] = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": running.smtp_port if running else 25}
    port = running.port if running else 8000
    PUBLIC_URL = env.str("PUBLIC_URL", f"http://localhost:{port}")
    DISCREET_URL = env.str("DISCREET_URL", f"http://127.0.0.1:{port}")
    FROM_EMAIL = env.str("FROM_EMAIL", "Walk and Talk <hello@walkandtalk.example.com>")
    DISCREET_FROM_EMAIL = env.str("DISCREET_FROM_EMAIL", "Appointments <hello@appointments.example.com>")
    AUDITOR_EMAIL = env.str("AUDITOR_EMAIL", "auditor@walkandtalk.example.com")
    CONDUCT_INBOX = env.str("CONDUCT_INBOX", "standards@walkandtalk.example.com")
    EMAIL_RECONCILER = env.str("EMAIL_RECONCILER", "devtools.mail.mailbox.delivery_status")
    STATIC_ROOT = Path(env.str("STATIC_ROOT", str(VAR / "static")))
    ERASURES_OPTIONS = env.json("ERASURES_OPTIONS", default={"location": str(VAR / "erasures")})
    DEMO, DEMO_WEEK = env.bool("DEMO", True), env.bool("DEMO_WEEK", True)
else:
    missing = [name for name in REQUIRED_IN_PRODUCTION if not env.str(name, "")]
    if missing:
        raise ImproperlyConfigured(f"Set these environment variables, then start again: {', '.join(missing)}.")
    SECRET_KEY = env.str("SECRET_KEY")
    FIELD_KEYS = env.list("FIELD_KEYS")
    INDEX_KEY = env.str("INDEX_KEY")
    DATABASES = {"default": env.db("DATABASE_URL")}
    # Only `manage.py prepare_database` has this variable. The processes that serve people must not.
    DATABASE_OWNER = env.db("DATABASE_OWNER_URL") if env.str("DATABASE_OWNER_URL", "") else None
    REDIS_URL = env.str("REDIS_URL")
    email = env.email("EMAIL_URL")
    PUBLIC_URL = env.str("PUBLIC_URL")
    DISCREET_URL = env.str("DISCREET_URL")
    FROM_EMAIL = env.str("FROM_EMAIL")
    DISCREET_FROM_EMAIL = env.str("DISCREET_FROM_EMAIL")
    AUDITOR_EMAIL = env.str("AUDITOR_EMAIL")  # read by someone who is neither inspector nor administrator
    CONDUCT_INBOX = env.str("CONDUCT_INBOX", "")  # professional standards; if empty, pages name only those outside
    # The function that asks the mail server about a message whose reply was lost (outbox.sending.reconciliation).
    EMAIL_RECONCILER = env.str("EMAIL_RECONCILER", "")
    STATIC_ROOT = Path(env.str("STATIC_ROOT", str(BASE_DIR / "var" / "static")))
    ERASURES_OPTIONS = env.json("ERASURES_OPTIONS")
    DEMO = DEMO_WEEK = False

if CONDUCT_INBOX:
    try:
        validate_email(CONDUCT_INBOX)
    except ValidationError as error:
        raise ImproperlyConfigured("CONDUCT_INBOX must be one email address, without a name, or empty.") from error

PUBLIC_URL, DISCREET_URL = PUBLIC_URL.rstrip("/"), DISCREET_URL.rstrip("/")
DEMO_PASSWORD = "walk-and-talk-demo"  # noqa: S105  # in the README, so production refuses it
if DEVELOPMENT:
    DEMO_PASSWORD = env.str("DEMO_PASSWORD", DEMO_PASSWORD)
DATABASES["default"]["ENGINE"] = "walkandtalk.lib.database.postgresql"
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", 60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# A list joins up to thirteen tables, each by its key. PostgreSQL took 40 ms to compare their orders, and 2 ms to read.
# Left to think of a disk that turns, it read all 200,000 events to find those of 400 concerns: 95 ms instead of 19.
database_options = DATABASES["default"].setdefault("OPTIONS", {})
database_options["options"] = (
    f"-c join_collapse_limit=4 -c random_page_cost=1.1 {database_options.get('options', '')}".strip()
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Mail: everything goes through the outbox -------------------------------------------------------------------------
EMAIL_BACKEND = "outbox.sending.smtp.EmailBackend"
EMAIL_HOST = email["EMAIL_HOST"]
EMAIL_PORT = email["EMAIL_PORT"] or 25
EMAIL_HOST_USER = email.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = email.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = email.get("EMAIL_USE_SSL", False)
DEFAULT_FROM_EMAIL = FROM_EMAIL
BOUNCE_WEBHOOK = env.str("BOUNCE_WEBHOOK", "")  # the mail service that reports bounces; empty if none does
ANYMAIL = {"WEBHOOK_SECRET": env.str("BOUNCE_WEBHOOK_SECRET", "")}
if BOUNCE_WEBHOOK and ":" not in ANYMAIL["WEBHOOK_SECRET"]:
    raise ImproperlyConfigured("BOUNCE_WEBHOOK needs BOUNCE_WEBHOOK_SECRET in the form user:password.")
EMAIL_PER_MINUTE = env.int("EMAIL_PER_MINUTE", 0)  # 0 means no limit
# How long an inspector can undo a decision, while its messages wait. At most 120, because the queue hands a task to a
# second worker after five minutes. 0 switches it off.
UNDO_SECONDS = env.int("UNDO_SECONDS", 30)

# --- Hosts: one application, a public address and a neutral one -------------------------------------------------------
DISCREET_HOST = urlsplit(DISCREET_URL).netloc
ALLOWED_HOSTS = [host for host in (urlsplit(PUBLIC_URL).hostname, urlsplit(DISCREET_URL).hostname) if host]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL, DISCREET_URL]
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
if proxy_ssl_header := env.list("SECURE_PROXY_SSL_HEADER", default=[]):
    SECURE_PROXY_SSL_HEADER = tuple(proxy_ssl_header)

LEAVE_URL = env.str("LEAVE_URL", "https://www.bbc.co.uk/weather")  # the target of "Exit this page"

# Films in British Sign Language, by Easy Read page. If empty, pages say nothing of a film.
BSL_FILMS = {
    "how-it-works": env.str("BSL_FILM_HOW_IT_WORKS", ""),
    "staying-safe": env.str("BSL_FILM_STAYING_SAFE", ""),
    "what-you-say": env.str("BSL_FILM_WHAT_YOU_SAY", ""),
}
for film in filter(None, BSL_FILMS.values()):
    try:
        URLValidator(schemes=["https"])(film)
    except ValidationError as error:
        raise ImproperlyConfigured("Each BSL_FILM_… variable must be one https:// address, or empty.") from error

# --- Who runs the service: text | owner | date checked. Production needs each; these are examples --------------
ORGANISATION = read_organisation(
    name=env.str("ORGANISATION_NAME", "the Metropolitan Police Service | Scheme lead | 2026-11-28"),
    address=env.str(
        "ORGANISATION_ADDRESS",
        "New Scotland Yard, Victoria Embankment, London SW1A 2JL | Scheme lead | 2026-11-28",
    ),
    data_controller=env.str(
        "ORGANISATION_DATA_CONTROLLER", "The Commissioner of Police of the Metropolis | Data office | 2026-11-28"
    ),
    legal_basis=env.str(
        "ORGANISATION_LEGAL_BASIS",
        "Public task: Article 6(1)(e) of the UK GDPR, with section 8 of the Data Protection Act 2018. For what says "
        "something about health or disability: explicit consent, Article 9(2)(a). | Data office | 2026-11-28",
    ),
    data_protection=env.str(
        "ORGANISATION_DATA_PROTECTION", "Data Protection Officer, data@example.com | Data office | 2026-11-28"
    ),
    complaints=env.str("ORGANISATION_COMPLAINTS", "complaints@example.com | Scheme lead | 2026-11-28"),
    phone=env.str("ORGANISATION_PHONE", "020 7946 0100 | Scheme lead | 2026-11-28"),  # a number kept for fiction
    phone_hours=env.str("ORGANISATION_PHONE_HOURS", "every day, 7am to 11pm | Scheme lead | 2026-11-28"),
)

# --- How long things are kept: the privacy page shows these same figures ----------------------------------------------
KEEP_UNCONFIRMED_DAYS = env.int("KEEP_UNCONFIRMED_DAYS", 7)
KEEP_ENDED_DAYS = env.int("KEEP_ENDED_DAYS", 90)
KEEP_CONCERNS_YEARS = env.int("KEEP_CONCERNS_YEARS", 3)
KEEP_HISTORY_YEARS = env.int("KEEP_HISTORY_YEARS", 6)
KEEP_MESSAGES_DAYS = env.int("KEEP_MESSAGES_DAYS", 400)  # the figures of the last twelve months count these rows
kept_days = (KEEP_UNCONFIRMED_DAYS, KEEP_ENDED_DAYS, KEEP_MESSAGES_DAYS)
if min(*kept_days, KEEP_CONCERNS_YEARS, KEEP_HISTORY_YEARS) < 1:
    raise ImproperlyConfigured("Each KEEP_… variable must be a whole number of days or years, and at least 1.")

# --- Limits against robots and floods: generous, since a refuge or a mobile network shares one address ----------------
SEND_AFTER_SECONDS = env.int("SEND_AFTER_SECONDS", 1)
REQUESTS_PER_NETWORK_AN_HOUR = env.int("REQUESTS_PER_NETWORK_AN_HOUR", 60)
LINKS_PER_NETWORK_AN_HOUR = env.int("LINKS_PER_NETWORK_AN_HOUR", 30)
REQUESTS_PER_ADDRESS_A_DAY = env.int("REQUESTS_PER_ADDRESS_A_DAY", 5)

# --- Need to know: what one member of staff may open, and search for, within an hour ----------------------------------
BOOKINGS_PER_PERSON_AN_HOUR = env.int("BOOKINGS_PER_PERSON_AN_HOUR", 60)
SEARCHES_PER_PERSON_AN_HOUR = env.int("SEARCHES_PER_PERSON_AN_HOUR", 60)
if min(BOOKINGS_PER_PERSON_AN_HOUR, SEARCHES_PER_PERSON_AN_HOUR) < 1:
    raise ImproperlyConfigured("Each …_PER_PERSON_AN_HOUR variable must be at least 1.")

# --- Two administrators (docs/rules.md#two-administrators) ------------------------------------------------------------
PROPOSALS_PER_PERSON_AN_HOUR = env.int("PROPOSALS_PER_PERSON_AN_HOUR", 30)
if PROPOSALS_PER_PERSON_AN_HOUR < 1:
    raise ImproperlyConfigured("PROPOSALS_PER_PERSON_AN_HOUR must be at least 1.")

# --- The control room's check (docs/rules.md#the-control-rooms-check) -------------------------------------------------
CHECKS_PER_PERSON_AN_HOUR = env.int("CHECKS_PER_PERSON_AN_HOUR", 30)
CHECKS_PER_NETWORK_AN_HOUR = env.int("CHECKS_PER_NETWORK_AN_HOUR", 300)
if min(CHECKS_PER_PERSON_AN_HOUR, CHECKS_PER_NETWORK_AN_HOUR) < 1:
    raise ImproperlyConfigured("Each CHECKS_PER_…_AN_HOUR variable must be at least 1.")

# --- Partners (docs/rules.md#partners) --------------------------------------------------------------------------------
# Lets the Open311 client connect to this machine, for tests of it. Nothing else reads private addresses.
OPEN311_LOCAL_SERVER = env.bool("OPEN311_LOCAL_SERVER", False)
if OPEN311_LOCAL_SERVER and not DEVELOPMENT:
    raise ImproperlyConfigured("Unset OPEN311_LOCAL_SERVER: production connects to public addresses alone.")

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
]
if DEVELOPMENT:
    INSTALLED_APPS.append("devtools")
MIDDLEWARE = [
    "walkandtalk.middleware.NoStoreMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
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
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "walkandtalk.lib.static_files.HashedStaticFiles"},
    # The ledger of erasures, outside the database: a folder that every process shares, or an object store.
    "erasures": {
        "BACKEND": env.str("ERASURES_BACKEND", "django.core.files.storage.FileSystemStorage"),
        "OPTIONS": ERASURES_OPTIONS,
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
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", False) if DEVELOPMENT else True
STAFF_IDLE = timedelta(minutes=15)
STAFF_LONGEST = timedelta(hours=10)
STAFF_SESSION_COOKIE_AGE = timedelta(hours=24)  # for the walk buttons, after the two limits above
# Wrong passwords that we check: in a quarter of an hour, and for one name in an hour (docs/rules.md#wrong-passwords).
WRONG_PASSWORDS_PER_PAIR = env.int("WRONG_PASSWORDS_PER_PAIR", 5)
WRONG_PASSWORDS_PER_NETWORK = env.int("WRONG_PASSWORDS_PER_NETWORK", 20)
WRONG_PASSWORDS_PER_NAME = env.int("WRONG_PASSWORDS_PER_NAME", 20)
WRONG_PASSWORDS_PER_NAME_A_DAY = env.int("WRONG_PASSWORDS_PER_NAME_A_DAY", 100)
WRONG_PASSWORDS_PER_KNOWN_BROWSER = env.int("WRONG_PASSWORDS_PER_KNOWN_BROWSER", 10)
WRONG_PASSWORDS_PER_IPV6_SITE = 5 * WRONG_PASSWORDS_PER_NETWORK  # a /48, which holds 65,536 networks
# Right passwords count here as well, because each check takes CPU.
PASSWORD_CHECKS_PER_ACCOUNT = env.int("PASSWORD_CHECKS_PER_ACCOUNT", 30)
wrong_passwords = (WRONG_PASSWORDS_PER_PAIR, WRONG_PASSWORDS_PER_NETWORK, WRONG_PASSWORDS_PER_KNOWN_BROWSER)
wrong_passwords_of_a_name = (WRONG_PASSWORDS_PER_NAME, WRONG_PASSWORDS_PER_NAME_A_DAY)
if min(*wrong_passwords, *wrong_passwords_of_a_name, PASSWORD_CHECKS_PER_ACCOUNT) < 1:
    raise ImproperlyConfigured("Each WRONG_PASSWORDS_PER_… and PASSWORD_CHECKS_PER_… variable must be at least 1.")
RESETS_PER_NETWORK_AN_HOUR = env.int("RESETS_PER_NETWORK_AN_HOUR", 30)  # "Forgotten your password?"
RESETS_PER_ADDRESS_AN_HOUR = env.int("RESETS_PER_ADDRESS_AN_HOUR", 3)
if min(RESETS_PER_NETWORK_AN_HOUR, RESETS_PER_ADDRESS_AN_HOUR) < 1:
    raise ImproperlyConfigured("Each RESETS_PER_… variable must be at least 1.")
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
FORCE_SIGN_IN = read_force_sign_in(lambda name: env.str(name, ""), development=DEVELOPMENT)
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
METRICS_TOKEN = env.str("METRICS_TOKEN", "")  # empty: no /metrics page
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

# --- Jobs started by the clock, with the seconds between two runs -----------------------------------------------------
JOBS = {
    "bookings.manage.jobs.resend_links": 5,
    "bookings.manage.jobs.report_wrong_pins": 60,
    "bookings.control_room.jobs.record_failed_checks": 30,
    "bookings.control_room.jobs.report_closed_checks": 15,
    "bookings.delivery_problems.jobs.report_undelivered": 30,
    "bookings.retention.jobs.delete_expired_drafts": 5 * 60,
    "bookings.retention.jobs.delete_past_decisions": 60,
    "bookings.triage.jobs.reassign_restricted_bookings": 5 * 60,
    "bookings.request_form.jobs.expire_unconfirmed_bookings": 60 * 60,
    "bookings.request_form.jobs.send_confirmation_reminder": 60,
    "bookings.notices.jobs.send_walk_reminders": 60,
    "bookings.on_the_day.jobs.send_evening_list": 60,
    "bookings.request_form.jobs.notify_teams_of_requests": 30,
    "bookings.request_form.jobs.notify_teams_hourly": 60,
    "bookings.on_the_day.jobs.send_on_the_day_alerts": 60,
    "bookings.triage.jobs.send_answer_due_alerts": 60,
    "bookings.on_the_day.jobs.close_walks": 60,
    "bookings.on_the_day.jobs.free_officers_of_ended_walks": 60,
    "bookings.scheduling.jobs.expire_offers": 60,
    "bookings.scheduling.jobs.cancel_empty_walks": 60,
    "bookings.scheduling.jobs.send_times_passed_apologies": 10 * 60,
    "bookings.retention.jobs.erase_due_bookings": 60 * 60,
    "bookings.retention.jobs.delete_old_messages": 24 * 60 * 60,
    "bookings.manage.jobs.end_sessions_of_erased_bookings": 60 * 60,
    "data_rights.erasure.jobs.erase_requested": 5 * 60,
    "accounts.new_passwords.jobs.answer_reset_requests": 5,
    "accounts.new_passwords.jobs.delete_expired_links": 60 * 60,
    "accounts.jobs.delete_expired_sessions": 24 * 60 * 60,
    "administration.account_closure.jobs.finish_closures": 30,
    "administration.proposals.jobs.expire_proposals": 60 * 60,
    "accounts.jobs.delete_expired_cache_rows": 60 * 60,
    "bookings.retention.jobs.delete_old_history": 24 * 60 * 60,
    "audit.alerts.jobs.send_alerts": 60,
    "audit.alerts.jobs.send_digest": 5 * 60,
    "feedback.jobs.send_report_invitations": 10 * 60,
    "feedback.jobs.send_follow_up_questions": 10 * 60,
    "feedback.jobs.send_digests": 5 * 60,
    "feedback.jobs.reassign_concerns": 5 * 60,
    "feedback.jobs.erase_due_concerns": 60 * 60,
    "feedback.jobs.erase_due_report_contacts": 60 * 60,
    "feedback.jobs.erase_due_walk_notes": 60 * 60,
    "feedback.jobs.erase_due_improvement_texts": 24 * 60 * 60,
    "feedback.places.counting.count_repeated_places": 5 * 60,
    "feedback.referrals.jobs.record_undelivered_referrals": 60,
    "feedback.referrals.jobs.take_news": 60,
    "feedback.referrals.jobs.delete_old_links": 24 * 60 * 60,
    "feedback.referrals.jobs.delete_old_words": 24 * 60 * 60,
    "partners.jobs.send_open311_requests": 30,
    "partners.jobs.poll_open311_requests": 5 * 60,
    "partners.jobs.delete_old_open311_requests": 24 * 60 * 60,
    "feedback.jobs.send_undelivered_to_standards_again": 60 * 60,
    "feedback.jobs.delete_copies_for_standards": 60 * 60,
    "feedback.jobs.delete_few_walk_answers": 24 * 60 * 60,
    "figures.snapshots.jobs.make_snapshots": 60 * 60,
    "figures.following.jobs.send_updates": 10 * 60,
    "figures.following.jobs.forget_unconfirmed": 60 * 60,
    "figures.following.jobs.forget_unreachable": 10 * 60,
    "figures.tallies.jobs.count_figures": 10 * 60,
}
CELERY_BEAT_SCHEDULE: dict[str, Any] = {
    "worker-heartbeat": {"task": "outbox.tasks.worker_heartbeat", "schedule": 10, "options": {"expires": 10}},
    **{
        job: {"task": "outbox.tasks.run_job", "schedule": seconds, "args": [job], "options": {"expires": seconds}}
        for job, seconds in JOBS.items()
    },
}

# --- Logging: ids and kinds, never a name, an address or a query string -----------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "walkandtalk.lib.json_lines.JsonLines"},
    },
    "filters": {
        "no_tokens": {"()": "walkandtalk.lib.network.HideTokens"},
        "not_shipped": {"()": "walkandtalk.lib.json_lines.NotShipped"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["not_shipped", "no_tokens"],
        },
        "shipped": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "json",
            "filters": ["no_tokens"],
        },
    },
    # fido2 would write which passkey was used.
    "loggers": {name: {"handlers": ["shipped"]} for name in SHIPPED} | {"fido2": {"level": "WARNING"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
