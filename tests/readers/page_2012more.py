"""A page of more comments as served in 2012: no story, and it begins inside of a thread."""

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State

expected = [
    Problem(
        origin=Origin("page_2012more.html", 1),
        reason="a page of more comments that does not say of which story",
    ),
    Record(
        origin=Origin("page_2012more.html", 7),
        id="950",
        kind=Kind.COMMENT,
        thread="x8d83d12981d3",
        author="zed",
        created=Moment(epoch=None, unit="day", words="365 days ago"),
        body="The end of a thread on the page before.",
        dialect=Dialect.HN,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("page_2012more.html", 8),
        id="951",
        kind=Kind.COMMENT,
        parent="x8d83d12981d3",
        thread="x8d83d12981d3",
        author="ann",
        created=Moment(epoch=None, unit="day", words="366 days ago"),
        body=(
            "First line\n"
            'Second line<p>Second paragraph: <a href="http:&#x2F;&#x2F;kettles.example" rel="'
            'nofollow">http:&#x2F;&#x2F;kettles.example</a>'
        ),
        dialect=Dialect.HN,
        state=State.LIVE,
        replies=("952",),
        ranked=True,
    ),
    Record(
        origin=Origin("page_2012more.html", 10),
        id="952",
        kind=Kind.COMMENT,
        parent="951",
        thread="x8d83d12981d3",
        author="bob",
        created=Moment(epoch=None, unit="day", words="365 days ago"),
        body="Could &quot;some one&quot; answer?",
        dialect=Dialect.HN,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("page_2012more.html", 11),
        id="953",
        kind=Kind.COMMENT,
        parent="x8d83d12981d3",
        thread="x8d83d12981d3",
        author="cy",
        created=Moment(epoch=None, unit="hour", words="an hour ago"),
        body="Top again.",
        dialect=Dialect.HN,
        state=State.LIVE,
    ),
    Record(origin=Origin("page_2012more.html", 11), id="953", kind=Kind.COMMENT, thread="xfe333298ad4b"),
]
