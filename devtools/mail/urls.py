from django.urls import path

from devtools.mail import views

urlpatterns = [
    path("mail/", views.mail, name="dev-mail"),
    path("mail/<str:name>/", views.message, name="dev-message"),
    path("mail/<str:name>/html/", views.message_html, name="dev-message-html"),
]
