"""Feeds as sites serve them."""

from __future__ import annotations

from datetime import datetime
from html import escape
from pathlib import Path

import pytest

from tests.ingest.samples import BODY, OTHER, OTHER_BODY, PARAGRAPHS, TITLE, articles, error, one, read

HTML = (
    "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS) + '<p><a href="https://exemple.fr">Lire</a></p><script>x</script>'
)
RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Le Courrier de l’Ouest lointain</title><link>https://exemple.fr</link>
<lastBuildDate>Fri, 15 Mar 2024 09:00:00 +0100</lastBuildDate>
<item><title>{TITLE} &amp; le reste</title><link>https://exemple.fr/budget</link><description>Un résumé.</description>
<content:encoded><![CDATA[{HTML}]]></content:encoded><dc:creator>Jeanne Morel</dc:creator><category>Rennes</category>
<pubDate>Tue, 12 Mar 2024 08:15:00 +0100</pubDate></item>
<item><title>Crue</title><link>https://exemple.fr/crue</link>
<description>{escape("".join(f"<p>{p}</p>" for p in OTHER))}</description></item>
<item><title>Un titre seul</title></item>
</channel></rss>"""
ATOM = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title><updated>2024-03-15T09:00:00Z</updated>
<entry><title>Daté</title><link href="https://exemple.fr/1"/><id>a</id><published>2024-03-12T08:15:00+01:00</published>
<updated>2024-03-14T10:00:00+01:00</updated><author><name>Ali Bensaïd</name></author>
<content type="html">{escape(HTML)}</content></entry>
<entry><title>Modifié</title><id>b</id><updated>2024-03-14T10:00:00+01:00</updated><summary>{PARAGRAPHS[0]}</summary></entry>
</feed>"""
RDF = f"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>T</title></channel>
<item rdf:about="y"><title>a</title><description>{PARAGRAPHS[0]}</description><dc:date>2024-03-12T08:00:00+01:00</dc:date>
</item></rdf:RDF>"""


@pytest.mark.parametrize("name", ["flux.rss", "flux.xml"])
def test_rss(tmp_path: Path, name: str) -> None:
    first, second, third = read(tmp_path, name, RSS.encode())
    article, other = articles([first, second])
    assert article.source == f"{name}#1"
    assert article.title == f"{TITLE} & le reste"
    assert article.text == f"{article.title}\n\n{BODY}\n\nLire"
    assert (article.published, article.published_has_time) == (datetime(2024, 3, 12, 8, 15), True)
    assert (article.author, article.publisher) == ("Jeanne Morel", "Le Courrier de l’Ouest lointain")
    assert (article.url, article.tags) == ("https://exemple.fr/budget", ("Rennes",))
    assert other.text == f"Crue\n\n{OTHER_BODY}"
    assert other.published is None  # the day of the feed is not the day of the entry
    assert error([third]) == "an entry without text: Un titre seul"


def test_atom_and_its_dates_of_change(tmp_path: Path) -> None:
    dated, changed = articles(read(tmp_path, "flux.atom", ATOM.encode()))
    assert (dated.published, dated.author) == (datetime(2024, 3, 12, 8, 15), "Ali Bensaïd")
    assert changed.published is None


def test_rss_1(tmp_path: Path) -> None:
    assert one(read(tmp_path, "flux.rdf", RDF.encode())).published == datetime(2024, 3, 12, 8)


@pytest.mark.parametrize(
    ("declared", "encoding"), [("ISO-8859-1", "cp1252"), ("UTF-8", "cp1252"), ("ISO-8859-1", "utf-8"), ("UTF-16", "utf-16")]
)
def test_encodings(tmp_path: Path, declared: str, encoding: str) -> None:
    data = RSS.replace('encoding="UTF-8"', f'encoding="{declared}"').encode(encoding)
    article = articles(read(tmp_path, "flux.xml", data)[:2])[0]
    assert BODY in article.text
    assert not article.repaired


def test_a_feed_that_breaks_off(tmp_path: Path) -> None:
    records = read(tmp_path, "flux.rss", RSS.encode()[: RSS.encode().index(b"<item><title>Crue")])
    assert len(records) == 2
    assert error(records[1:]) == "the feed breaks off here"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty file"),
        (b"<html><body>Non</body></html>", "not a feed"),
        (b'<rss version="2.0"><channel><title>T</title></channel></rss>', "no entry in the feed"),
        (
            b'<!DOCTYPE r [<!ENTITY a "b">]><rss version="2.0"><channel><item><title>&a;</title></item></channel></rss>',
            "it declares entities",
        ),
        (
            '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss/>'.encode(
                "utf-16"
            ),
            "it declares",
        ),
    ],
)
def test_what_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    assert error(read(tmp_path, "flux.rss", data)).startswith(reason)


def test_an_address_is_no_feed_to_fetch(tmp_path: Path) -> None:
    assert error(read(tmp_path, "flux.rss", b"http://127.0.0.1:9/flux.xml")) == "not a feed"
