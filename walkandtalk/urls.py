from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts.profile.views import ChangePassword
from accounts.sign_in.views import SignOut, admin_sign_in
from walkandtalk import staff_pages, views
from walks.feeds.views import feed

# Posters and messages rely on the public addresses (docs/rules.md#public-addresses).
urlpatterns = [
    # The public
    path("", views.home, name="home"),
    path("request/", include("bookings.request_form.urls")),
    path("request/", include("bookings.manage.contact.urls")),
    path("my-walk/", include("bookings.manage.urls")),
    path("my-walk/", include("data_rights.urls")),
    path("leave", views.quick_exit, name="leave"),
    path("", include("boroughs.public_pages.urls")),
    path("easy-read/", include("boroughs.easy_read.urls")),
    path("tell-us/", include("feedback.place_reports.urls")),
    path("", include("feedback.urls")),
    path("what-women-told-us/data/", include("figures.open_data.urls")),
    path("what-women-told-us/", include("figures.following.urls")),
    path("what-women-told-us/", include("figures.public_pages.urls")),
    # The staff
    path("staff/", staff_pages.staff_home, name="staff-home"),
    path("staff/help/", staff_pages.staff_help, name="staff-help"),
    path("staff/today/administrator/", staff_pages.administrator_today, name="administrator-today"),
    path("staff/", include("administration.account_closure.urls")),
    path("staff/", include("administration.sign_out.urls")),
    path("staff/", include("administration.invitation.urls")),
    path("staff/", include("administration.staffing.urls")),
    path("staff/", include("administration.people.urls")),
    path("staff/", include("administration.bulk.urls")),
    path("staff/", include("administration.files.urls")),
    path("staff/", include("administration.proposals.urls")),
    path("staff/", include("administration.teams.urls")),
    path("staff/", include("administration.partners.urls")),
    path("staff/", include("accounts.urls")),
    path("staff/", include("accounts.allauth_urls")),
    path("staff/", include("walks.urls")),
    path("staff/", include("bookings.triage.urls")),
    path("staff/", include("bookings.on_the_day.urls")),
    path("staff/", include("bookings.scheduling.urls")),
    path("staff/", include("bookings.manage.pins.urls")),
    path("staff/", include("bookings.manage.freeze.urls")),
    path("staff/", include("bookings.manage.team_messages.urls")),
    path("staff/", include("bookings.approvals.urls")),
    path("staff/", include("bookings.undo.urls")),
    path("staff/", include("data_rights.staff_urls")),
    path("staff/", include("bookings.control_room.urls")),
    path("staff/", include("bookings.delivery_problems.urls")),
    path("staff/", include("bookings.phone_bookings.urls")),
    path("staff/", include("bookings.staff_calendar.urls")),
    path("staff/", include("feedback.staff_map.urls")),
    path("staff/", include("feedback.places.urls")),
    path("staff/", include("feedback.improvements.urls")),
    path("staff/", include("feedback.referrals.urls")),
    path("partner/", include("feedback.referrals.partner_urls")),
    path("staff/", include("figures.urls")),
    path("staff/", include("figures.posters.urls")),
    path("staff/audit/", include("audit.urls")),
    path("admin/login/", admin_sign_in, name="admin-sign-in"),
    path("admin/logout/", SignOut.as_view(), name="admin-sign-out"),
    path("admin/password_change/", ChangePassword.as_view(), name="admin-password"),
    path("admin/", admin.site.urls),
    path("feed/<str:token>.ics", feed, name="calendar-feed"),
    # Operators
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
]

if settings.BOUNCE_WEBHOOK:
    from outbox.bounces import webhook_urls_for  # its library is loaded only if it is used

    urlpatterns += [path("webhooks/", include(webhook_urls_for(settings.BOUNCE_WEBHOOK)))]

if settings.DEVELOPMENT:  # these pages are open to everyone
    urlpatterns += [
        path("dev/messages/", include("devtools.previews.urls")),
        path("dev/", include("devtools.mail.urls")),
    ]

handler403 = "walkandtalk.views.forbidden"
handler404 = "walkandtalk.views.not_found"
handler429 = "walkandtalk.views.too_many_requests"  # read by django-allauth
handler500 = "walkandtalk.views.server_error"
