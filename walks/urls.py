from django.urls import path

from walks.duties.import_views import duty_import
from walks.duties.views import duty, duty_days, duty_of, duty_week
from walks.feeds.views import calendar_feed, calendar_feed_revoke
from walks.recurring.views import standing, standing_new, standing_pause, standing_walks

app_name = "walks"

urlpatterns = [
    path("calendar/feed/", calendar_feed, name="calendar_feed"),
    path("calendar/feed/revoke/", calendar_feed_revoke, name="calendar_feed_revoke"),
    path("duty/", duty, name="duty"),
    path("duty/import/", duty_import, name="duty_import"),
    path("duty/<int:pk>/", duty_of, name="duty_of"),
    path("duty/<int:pk>/week/", duty_week, name="duty_week"),
    path("duty/<int:pk>/days/", duty_days, name="duty_days"),
    path("standing/", standing_walks, name="standing_walks"),
    path("standing/new/", standing_new, name="standing_new"),
    path("standing/<uuid:uuid>/", standing, name="standing"),
    path("standing/<uuid:uuid>/pause/", standing_pause, name="standing_pause"),
]
