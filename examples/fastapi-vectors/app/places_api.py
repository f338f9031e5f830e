"""Vector search inside IRIS: the nearest rows are found by SQL, where the vectors are."""

import iris
from fastapi import FastAPI, HTTPException, Query

app = FastAPI(title="Places")
RELEASE_NOTE = "first edition"
SIZE = 4

NEAREST = """
    SELECT TOP ? Name, VECTOR_COSINE(Mood, TO_VECTOR(?, double, 4)) AS Similarity
    FROM Travel.Place ORDER BY Similarity DESC, Name
"""


def nearest(vector, count):
    text = ",".join(str(number) for number in vector)
    return [{"name": row[0], "similarity": round(float(row[1]), 4)} for row in iris.sql.exec(NEAREST, count, text)]


@app.get("/")
async def home():
    return {"note": RELEASE_NOTE}


@app.get("/near")
async def near(mood: str = Query(description="four numbers: sea, mountains, city, forest"), count: int = Query(3, ge=1, le=50)):
    try:
        vector = [float(part) for part in mood.split(",")]
    except ValueError:
        vector = []
    if len(vector) != SIZE or not any(vector):
        raise HTTPException(422, f"mood is {SIZE} numbers, not all 0")
    return nearest(vector, count)


@app.get("/like/{name}")
async def like(name: str, count: int = Query(3, ge=1, le=50)):
    for row in iris.sql.exec("SELECT Mood FROM Travel.Place WHERE Name = ?", name):
        vector = [float(part) for part in row[0].split(",")]
        return [place for place in nearest(vector, count + 1) if place["name"] != name][:count]
    raise HTTPException(404, "no such place")
