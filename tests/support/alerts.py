"""What the page Today says needs an inspector now."""

TODAY = "/staff/today/"


def alerts_of(client, kind):
    """Return the rows of this kind, as the page shows them."""
    return [alert for alert in client.get(TODAY).context["alerts"] if alert.kind == kind]


def rows_alerted(client, kind):
    """Return the primary keys of the bookings or walks to which the rows of this kind lead."""
    return [alert.href.split("/")[3] for alert in alerts_of(client, kind)]
