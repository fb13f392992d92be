from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "bookings"
    verbose_name = "Figures"
    """The heading in the admin, where nothing else of this app has a page."""
