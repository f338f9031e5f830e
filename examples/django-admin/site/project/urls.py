from django.urls import path

from library.admin import site

urlpatterns = [path("", site.urls)]
