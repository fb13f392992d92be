from django.urls import path

from feedback.staff_map.views import team_map

app_name = "staff_map"

urlpatterns = [path("map/", team_map, name="map")]
