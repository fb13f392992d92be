from django.urls import path

from walks.duties.import_views import import_duties
from walks.duties.views import duties, duty_days, leave, officer_duties, weekly_duty
from walks.feeds.views import calendar_feed, revoke_calendar_feed
from walks.recurring.views import new_recurring_walk, pause_recurring_walk, recurring_walk, recurring_walks

app_name = "walks"

urlpatterns = [
    path("calendar/feed/", calendar_feed, name="calendar_feed"),
    path("calendar/feed/revoke/", revoke_calendar_feed, name="revoke_calendar_feed"),
    path("duty/", duties, name="duties"),
    path("duty/import/", import_duties, name="import_duties"),
    path("duty/<int:pk>/", officer_duties, name="officer_duties"),
    path("duty/<int:pk>/week/", weekly_duty, name="weekly_duty"),
    path("duty/<int:pk>/leave/", leave, name="leave"),
    path("duty/<int:pk>/days/", duty_days, name="duty_days"),
    path("standing/", recurring_walks, name="recurring_walks"),
    path("standing/new/", new_recurring_walk, name="new_recurring_walk"),
    path("standing/<uuid:pk>/", recurring_walk, name="recurring_walk"),
    path("standing/<uuid:pk>/pause/", pause_recurring_walk, name="pause_recurring_walk"),
]
