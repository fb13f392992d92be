from django.urls import path

from figures.open_data import views

app_name = "open_data"

# Programs of others rely on these addresses (docs/open-data.md).
urlpatterns = [
    path("figures.csv", views.figures_csv, name="figures_csv"),
    path("figures.csv-metadata.json", views.figures_metadata, name="figures_metadata"),
    path("figures.json", views.figures_json, name="figures_json"),
    path("figures/<str:quarter>.json", views.quarter_json, name="quarter_json"),
    path("improvements.json", views.improvements_json, name="improvements_json"),
    path("improvements.atom", views.improvements_feed, name="improvements_feed"),
    path("openapi.json", views.openapi, name="openapi"),
]
