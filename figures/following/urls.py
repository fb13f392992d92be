from django.urls import path

from figures.following import views

app_name = "following"

urlpatterns = [
    path("follow/", views.follow, name="follow"),
    path("follow/sent/", views.sent, name="sent"),
    path("<slug:slug>/follow/", views.follow, name="follow_area"),
]
