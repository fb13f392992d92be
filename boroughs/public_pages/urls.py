from django.urls import path

from boroughs.public_pages import views

app_name = "boroughs"

urlpatterns = [
    path("attribution/", views.attribution, name="attribution"),
    path("safety/", views.safety, name="safety"),
    path("privacy/", views.privacy, name="privacy"),
    path("cookies/", views.cookies, name="cookies"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("areas/", views.areas, name="areas"),
    path("areas/<slug:slug>/", views.area, name="area"),
    path("areas/<slug:slug>/picture.png", views.area_share_image, name="area-picture"),
    path("areas/<slug:slug>/poster.pdf", views.poster, {"paper": "a4"}, name="poster"),
    path("areas/<slug:slug>/poster-a5.pdf", views.poster, {"paper": "a5"}, name="poster-a5"),
    path("picture.png", views.picture, name="picture"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
]
