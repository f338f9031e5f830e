"""Django with django-iris against the server in IRIS_TEST_HOST/PORT: one line `ok` or `not ok` for each case."""

import os
import sys
import traceback

import django
from django.conf import settings

settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django_iris",
            "NAME": "USER",
            "USER": "_SYSTEM",
            "PASSWORD": "SYS",
            "HOST": os.environ["IRIS_TEST_HOST"],
            "PORT": int(os.environ["IRIS_TEST_PORT"]),
        }
    },
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    SECRET_KEY="interop",
    USE_TZ=False,
)
django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import IntegrityError, connection, transaction  # noqa: E402
from django.db.models import Count, F, Q  # noqa: E402

failures = 0


def case(name):
    def run(test):
        global failures
        try:
            test()
            print(f"ok - {name}", flush=True)
        except Exception:  # a report, not a decision: every failure is printed and counted
            failures += 1
            print(f"not ok - {name}", flush=True)
            for line in traceback.format_exc().splitlines():
                print(f"  # {line}", flush=True)

    return run


def equal(got, expected):
    if got != expected:
        raise AssertionError(f"got {got!r}, expected {expected!r}")


@case("migrations of auth, contenttypes and sessions")
def _():
    call_command("migrate", verbosity=0)
    call_command("migrate", "--check", verbosity=0)


@case("create, get, filter, update")
def _():
    user = User.objects.create_user("bob", "bob@example.org", "secret")
    equal(User.objects.get(username__iexact="BOB").pk, user.pk)
    equal(User.objects.filter(Q(username__startswith="b") | Q(email__contains="zz")).count(), 1)
    User.objects.filter(pk=user.pk).update(first_name=F("username"))
    equal(list(User.objects.values_list("first_name", flat=True)), ["bob"])
    equal(User.objects.get(pk=user.pk).check_password("secret"), True)


@case("many to many, aggregates, slices")
def _():
    for name in ("a", "b", "c"):
        User.objects.get(username="bob").groups.add(Group.objects.create(name=name))
    equal([group.name for group in Group.objects.order_by("-name")[:2]], ["c", "b"])
    # Not with count(): that groups by a position, which IRIS takes for a constant.
    equal(len(list(Group.objects.annotate(n=Count("user")).filter(n=1))), 3)
    equal(User.objects.aggregate(n=Count("groups"))["n"], 3)


@case("a text field of some length, and dates")
def _():
    import datetime

    moment = datetime.datetime(2024, 2, 29, 12, 34, 56)
    Session.objects.create(session_key="k", session_data="x" * 50_000, expire_date=moment)
    found = Session.objects.get(session_key="k")
    equal((len(found.session_data), found.expire_date), (50_000, moment))


@case("an integrity error, and a rollback by an exception")
def _():
    try:
        with transaction.atomic():
            User.objects.create(username="bob")
    except IntegrityError:
        pass
    else:
        raise AssertionError("no IntegrityError")
    try:
        with transaction.atomic():
            User.objects.create(username="gone")
            raise KeyError
    except KeyError:
        pass
    equal(User.objects.filter(username="gone").count(), 0)


@case("introspection of tables, columns, keys")
def _():
    with connection.cursor() as cursor:
        equal("auth_group" in connection.introspection.table_names(cursor), True)
        columns = connection.introspection.get_table_description(cursor, "auth_group")
        equal([column.name for column in columns], ["id", "name"])
        relations = connection.introspection.get_relations(cursor, "auth_permission")
        equal(relations, {"content_type_id": ("id", "django_content_type")})


@case("deletes with what depends on it")
def _():
    User.objects.all().delete()
    equal((User.objects.count(), Group.objects.count()), (0, 3))


sys.exit(1 if failures else 0)
