"""What csv_posts.csv says."""

from hnsite.model import Kind, Moment, Origin, Record

expected = [
    Record(
        origin=Origin("csv_posts.csv", 1),
        id="x167c5c07b2ac",
        kind=Kind.STORY,
        created=Moment(epoch=1403589040),
        title="8 ways to boil water",
        domain="kettles.example",
        score=1,
    ),
    Record(
        origin=Origin("csv_posts.csv", 2),
        id="x20c73cc3a3c0",
        kind=Kind.STORY,
        created=Moment(epoch=1403589220),
        title="Ask: a title, with a comma",
        score=1,
    ),
    Record(
        origin=Origin("csv_posts.csv", 3),
        id="x74b706c6bed7",
        kind=Kind.STORY,
        created=Moment(epoch=1403675440),
        title="8 ways to boil water",
        domain="kettles.example",
        score=17,
    ),
]
