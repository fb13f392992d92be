from django.urls import path

from audit.downloads.views import download
from audit.holds.views import EndHoldButton, HoldPage, holds
from audit.reports.views import report, reports
from audit.search.views import overview
from audit.security.views import security_log
from audit.vetting.views import AllowOnWalksPage, KeepOffWalksPage, vetting

app_name = "audit"

urlpatterns = [
    path("", overview, name="overview"),
    path("reports/", reports, name="reports"),
    path("reports/<slug:code>/", report, name="report"),
    path("download/<slug:code>/", download, name="download"),
    path("holds/", holds, name="holds"),
    path("holds/<uuid:pk>/", HoldPage.as_view(), name="hold"),
    path("holds/<uuid:pk>/end/", EndHoldButton.as_view(), name="end_hold"),
    path("security/", security_log, name="security"),
    path("vetting/", vetting, name="vetting"),
    path("vetting/<int:pk>/", KeepOffWalksPage.as_view(), name="keep_off_walks"),
    path("vetting/<int:pk>/allow/", AllowOnWalksPage.as_view(), name="allow_on_walks"),
]
