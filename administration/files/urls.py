from django.urls import path

from administration.files.views import CheckPage, ExportPage, UploadPage, download_empty_file

app_name = "people_files"

urlpatterns = [
    path("people/import/", UploadPage.as_view(), name="upload"),
    path("people/import/check/", CheckPage.as_view(), name="check"),
    path("people/import/empty.csv", download_empty_file, name="empty"),
    path("people/export/", ExportPage.as_view(), name="export"),
]
