"""A small API over a table of IRIS. It runs inside IRIS: iris.sql.exec needs no connection and no password."""

import iris
from flask import Flask, jsonify, request, url_for

app = Flask(__name__)
GREETING = "Users of this instance"


def rows(query, *values):
    return [{"id": row[0], "name": row[1], "email": row[2]} for row in iris.sql.exec(query, *values)]


@app.get("/")
def home():
    # Links are made, never written: the application does not know under which path it is mounted.
    return jsonify(greeting=GREETING, users=url_for("users"))


@app.get("/users")
def users():
    return jsonify(rows("SELECT ID, Name, Email FROM Directory.Person ORDER BY Name"))


@app.get("/users/<int:number>")
def user(number):
    found = rows("SELECT ID, Name, Email FROM Directory.Person WHERE ID = ?", number)
    return (jsonify(found[0]), 200) if found else (jsonify(error="no such user"), 404)


@app.post("/users")
def add():
    person = request.get_json(silent=True) or {}
    if not person.get("name") or not person.get("email"):
        return jsonify(error="name and email are needed"), 400
    try:
        iris.sql.exec("INSERT INTO Directory.Person (Name, Email) VALUES (?, ?)", person["name"], person["email"])
    except iris.SQLError as error:
        # -119: the value of a unique field is taken.
        if error.sqlcode != -119:
            raise
        return jsonify(error="that email is taken"), 409
    (added,) = rows("SELECT ID, Name, Email FROM Directory.Person WHERE Email = ?", person["email"])
    return jsonify(added), 201
