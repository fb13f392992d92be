"""Django finds the models by these imports. Everybody else imports the module that defines one."""

from bookings.models import (
    acknowledgements,
    adjustments,
    bookings,
    claims,
    contacts,
    drafts,
    equality,
    events,
    links,
    offers,
    one_officer,
    origins,
    preferred_times,
    read_log,
    response_targets,
    safeguarding,
    sharing,
)
