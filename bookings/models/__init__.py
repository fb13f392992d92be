"""Django finds the models through these imports. Other code imports the module that defines a model."""

from bookings.models import (
    acknowledgements,
    adjustments,
    approvals,
    bookings,
    claims,
    contacts,
    drafts,
    equality,
    events,
    freezes,
    links,
    offers,
    one_officer,
    preferred_times,
    read_log,
    response_targets,
    safeguarding,
    sharing,
    team_messages,
    wrong_pins,
)
