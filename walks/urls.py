from django.urls import path

from walks.duties.import_views import duty_import
from walks.duties.views import duty, duty_days, duty_of, duty_week
from walks.feeds.views import calendar_feed, calendar_feed_revoke
from walks.recurring.views import recurring_walk, recurring_walk_new, recurring_walk_pause, recurring_walks

app_name = "walks"

urlpatterns = [
    path("calendar/feed/", calendar_feed, name="calendar_feed"),
    path("calendar/feed/revoke/", calendar_feed_revoke, name="revoke_calendar_feed"),
    path("duty/", duty, name="duties"),
    path("duty/import/", duty_import, name="import_duties"),
    path("duty/<int:pk>/", duty_of, name="officer_duties"),
    path("duty/<int:pk>/week/", duty_week, name="weekly_duty"),
    path("duty/<int:pk>/days/", duty_days, name="duty_days"),
    path("standing/", recurring_walks, name="recurring_walks"),
    path("standing/new/", recurring_walk_new, name="new_recurring_walk"),
    path("standing/<uuid:uuid>/", recurring_walk, name="recurring_walk"),
    path("standing/<uuid:uuid>/pause/", recurring_walk_pause, name="pause_recurring_walk"),
]
