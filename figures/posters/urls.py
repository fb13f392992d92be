from django.urls import path

from figures.posters import views

app_name = "posters"

urlpatterns = [
    path("posters/", views.posters, name="list"),
    path("posters/new/", views.new_place, name="new"),
    path("posters/<uuid:pk>/poster.pdf", views.poster, {"paper": "a4"}, name="poster"),
    path("posters/<uuid:pk>/poster-a5.pdf", views.poster, {"paper": "a5"}, name="poster-a5"),
    path("posters/<uuid:pk>/take-down/", views.take_down, name="take_down"),
]
