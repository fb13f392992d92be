"""The pages behind the links in messages to followers. They are on the neutral host alone, under `/r/`."""

from django.urls import path

from figures.following import views

app_name = "updates"

urlpatterns = [
    path("updates/<str:token>/", views.open_update, name="open"),
    path("updates/<str:token>/confirm/", views.confirm, name="confirm"),
    path("updates/<str:token>/stop/", views.stop, name="stop"),
]
