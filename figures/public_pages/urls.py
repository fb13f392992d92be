from django.urls import path

from figures.public_pages import views

app_name = "what_women_told_us"

urlpatterns = [
    path("", views.london, name="london"),
    path("reports/<str:code>.pdf", views.report, name="report"),
    path("<slug:slug>/", views.area, name="area"),
]
