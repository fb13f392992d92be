"""Addresses of the requester's rights, below her page on both hosts."""

from django.urls import path

from data_rights.copy.views import CopyPage, download_copy, read_copy
from data_rights.erasure.views import ErasePage, UndoErasurePage

app_name = "data_rights"

urlpatterns = [
    path("<str:token>/copy/", CopyPage.as_view(), name="copy"),
    path("<str:token>/copy/read/", read_copy, name="read_copy"),
    path("<str:token>/copy/appointment.json", download_copy, name="download_copy"),
    path("<str:token>/delete/", ErasePage.as_view(), name="erase"),
    path("<str:token>/delete/undo/", UndoErasurePage.as_view(), name="undo_erasure"),
]
