from django.urls import path

from bookings.approvals.views import ApprovePage

app_name = "approvals"

urlpatterns = [
    path("approvals/<uuid:pk>/", ApprovePage.as_view(), name="approve"),
]
