"""What matters for a Django inside IRIS is said at the settings concerned."""

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

# Of this example only: take yours from a file that is not in version control.
SECRET_KEY = "an-example-that-is-not-secret-0123456789-abcdefghijklmnopqrstuvwxyz"
DEBUG = False
# IRIS's web server, or the one in front of it, decides which hosts it answers for.
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "project.urls"
WSGI_APPLICATION = "project.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "library",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Django's own tables (who may enter the admin) come with the sources, as `manage.py migrate` has left them. A deployment
# replaces them: sessions therefore live in cookies, and data belongs into IRIS.
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "django.sqlite3"}}
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# `collectstatic` fills the directory; `iris-wsgi deploy --static assets` has the web server serve it below the URL prefix.
# Without a leading slash Django puts the prefix in front.
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "assets"
