"""Django's admin, with a page of its own for a table of IRIS."""

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse


class LibraryAdmin(admin.AdminSite):
    site_header = "Library"
    index_template = "admin/library_index.html"

    def get_urls(self):
        return [path("books/", self.admin_view(self.books), name="books"), *super().get_urls()]

    def books(self, request):
        # Only there inside IRIS; manage.py runs without it.
        import iris

        if request.method == "POST":
            title, copies = request.POST.get("title", "").strip(), request.POST.get("copies", "")
            if title and copies.isdecimal():
                iris.sql.exec("INSERT INTO Library.Book (Title, Copies) VALUES (?, ?)", title, int(copies))
                messages.success(request, f"{title} was added")
            else:
                messages.error(request, "A title and a number of copies are needed")
            return HttpResponseRedirect(reverse("admin:books"))
        books = [{"title": row[0], "copies": row[1]} for row in iris.sql.exec(
            "SELECT Title, Copies FROM Library.Book ORDER BY Title"
        )]
        context = {**self.each_context(request), "title": "Books", "books": books}
        return TemplateResponse(request, "admin/books.html", context)


site = LibraryAdmin()
site.register(User, UserAdmin)
