from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path

from bookings.views.feed import feed
from boroughs.requests import works_idle
from walkandtalk import views

# Posters and messages rely on the public addresses (docs/rules.md#public-addresses).
urlpatterns = [
    # The public
    path("", views.home, name="home"),
    path("request/", include("bookings.urls.request")),
    path("my-walk/", include("bookings.urls.returning")),
    path("leave", views.leave, name="leave"),
    path("", include("boroughs.urls")),
    path("", include("feedback.urls")),
    # The staff
    path("staff/", views.staff_home, name="staff-home"),
    path("staff/sign-in/", views.SignIn.as_view(), name="staff-sign-in"),
    path("staff/password/", views.ChangePassword.as_view(), name="staff-password"),
    path("staff/sign-out/", works_idle(LogoutView.as_view()), name="staff-sign-out"),
    path("staff/", include("bookings.urls.staff")),
    path("admin/login/", views.admin_sign_in, name="admin-sign-in"),
    path("admin/", admin.site.urls),
    path("feed/<str:token>.ics", feed, name="calendar-feed"),
    # Operators
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
]

if settings.BOUNCE_WEBHOOK:
    from outbox.bounces import webhook_of  # and its library only where it is used

    urlpatterns += [path("webhooks/", include(webhook_of(settings.BOUNCE_WEBHOOK)))]

if settings.DEVELOPMENT:  # open to all
    urlpatterns += [
        path("dev/messages/", include("feedback.dev_urls")),
        path("dev/", include("walkandtalk.embedded.urls")),
    ]
