"""What mail_html.eml says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("mail_html.eml", 1),
        id="mail-33d9671c0619cc83",
        kind=Kind.STORY,
        author="bob@mail",
        created=Moment(epoch=2147483648),
        title="Only HTML",
        body=(
            "<html>\n"
            "<body><p>Naïve: <a >ann@…</a><script>alert(1)</script></body></html>\n"
            "<pre><code>____________________________\n"
            "boats mailing list, boats@…\n"
            "</code></pre>"
        ),
        dialect=Dialect.HTML,
        state=State.LIVE,
    ),
]
