from django.urls import path

from bookings.undo.views import UndoButton, held_messages, undo_all

app_name = "undo"

urlpatterns = [
    path("undo/all/", undo_all, name="undo_all"),
    path("undo/<uuid:pk>/", UndoButton.as_view(), name="undo"),
    path("undo/<uuid:pk>/messages/", held_messages, name="messages"),
]
