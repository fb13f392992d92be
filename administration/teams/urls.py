from django.urls import path

from administration.teams.views import BoroughPage, TeamPage

app_name = "teams"

urlpatterns = [
    path("teams/<int:pk>/contacts/", TeamPage.as_view(), name="team"),
    path("boroughs/<int:pk>/bcu/", BoroughPage.as_view(), name="borough"),
]
