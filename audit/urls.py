from django.urls import path

from audit import views
from audit.security.views import security_log

app_name = "audit"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("security/", security_log, name="security"),
]
