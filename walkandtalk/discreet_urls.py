"""Addresses of the neutral host (docs/rules.md#neutral-host): the requester's page and quick exit, in neutral words."""

from django.urls import include, path

from walkandtalk import views

urlpatterns = [
    path("", views.neutral_home, name="home"),
    path("robots.txt", views.neutral_robots, name="robots"),
    path("leave", views.quick_exit, name="leave"),
    path("healthz", views.healthz, name="healthz"),
    path("r/", include("feedback.place_reports.discreet_urls")),
    path("r/", include("figures.following.discreet_urls")),
    path("r/", include("bookings.manage.urls")),
    path("r/", include("data_rights.urls")),
    path("r/", include("feedback.discreet_urls")),
]

handler400 = "walkandtalk.views.neutral_bad_request"
handler403 = "walkandtalk.views.neutral_forbidden"
handler404 = "walkandtalk.views.neutral_not_found"
handler500 = "walkandtalk.views.neutral_server_error"
