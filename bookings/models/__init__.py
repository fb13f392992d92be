"""Django finds the models by these imports. Everybody else imports the module that defines one."""

from bookings.models import (
    adjustments,
    bookings,
    contacts,
    drafts,
    equality,
    events,
    links,
    offers,
    one_officer,
    preferred_times,
    read_log,
    sharing,
)
