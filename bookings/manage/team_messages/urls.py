from django.urls import path

from bookings.manage.team_messages.views import ReadTeamMessageButton

app_name = "team_messages"

urlpatterns = [
    path("bookings/<uuid:pk>/messages/<uuid:message_pk>/read/", ReadTeamMessageButton.as_view(), name="read"),
]
