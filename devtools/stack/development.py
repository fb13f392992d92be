"""Values for variables that are not set in development: the addresses and secrets of the services of `make run`."""

import json
from typing import Any

from devtools.stack import services


def variables() -> dict[str, str]:
    """Return the values of variables that are not set."""
    var = services.var_folder()
    running = services.read(var)
    port = running.port if running else 8000
    return services.secrets(var) | {
        "EMAIL_URL": f"smtp://127.0.0.1:{running.smtp_port if running else 25}",
        "PUBLIC_URL": f"http://localhost:{port}",
        "DISCREET_URL": f"http://127.0.0.1:{port}",
        "FROM_EMAIL": "Walk and Talk <hello@walkandtalk.example.com>",
        "DISCREET_FROM_EMAIL": "Appointments <hello@appointments.example.com>",
        "AUDITOR_EMAIL": "auditor@walkandtalk.example.com",
        "CONDUCT_INBOX": "standards@walkandtalk.example.com",
        "EMAIL_RECONCILER": "devtools.mail.mailbox.delivery_status",
        "STATIC_ROOT": str(var / "static"),
        "ERASURES_OPTIONS": json.dumps({"location": str(var / "erasures")}),
    }


def database() -> dict[str, Any]:
    """Return the database for Django, because the folder of a socket does not survive in a URL."""
    running = services.read(services.var_folder())
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": running.postgres_name if running else "walkandtalk",
        "USER": running.postgres_user if running else "walkandtalk",
        "HOST": running.postgres_socket if running else str(services.var_folder()),
    }


def database_owner() -> dict[str, Any]:
    running = services.read(services.var_folder())
    return {"USER": running.postgres_owner if running else "walkandtalk_owner"}


def redis_url() -> str | None:
    running = services.read(services.var_folder())
    return running.redis_url if running else None
