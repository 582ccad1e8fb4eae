"""NITF, NewsML-G2 and NewsML 1 as agencies deliver them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.ingest.samples import BODY, OTHER_BODY, OTHER_TITLE, PARAGRAPHS, TITLE, articles, error, one, read

PS = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
NITF = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nitf SYSTEM "nitf-3-4.dtd">
<nitf><head><title>à ne pas prendre</title><docdata><date.issue norm="20240312T081500+0100"/><doc-id id-string="1"/>
<key-list><keyword key="budget"/><keyword key="Rennes"/></key-list></docdata>
<pubdata name="Agence de l’Ouest" date.publication="20240313"/></head>
<body><body.head><hedline><hl1>{TITLE}</hl1><hl2>La minorité proteste</hl2></hedline><byline>Par Jeanne Morel</byline>
<dateline><location>RENNES</location>, 12 mars 2024 (AO)</dateline></body.head>
<body.content>{PS}<table><tr><td>1</td></tr></table></body.content></body></nitf>"""


def _g2(
    version: str = "3", created: str = "<firstCreated>2024-03-12T08:15:00+01:00</firstCreated>", kind: str = "ninat:text"
) -> str:
    return f"""<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:x" version="{version}" standard="NewsML-G2">
<catalogRef href="http://127.0.0.1:9/catalog.xml"/>
<itemMeta><itemClass qcode="{kind}"/><provider literal="Agence de l’Ouest"/>
<versionCreated>2024-03-13T10:00:00Z</versionCreated>{created}</itemMeta>
<contentMeta><contentModified>2024-03-13T09:00:00Z</contentModified><by>Jeanne Morel</by><headline>{TITLE}</headline>
<language tag="fr"/>
<keyword>budget</keyword></contentMeta>
<contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title>
</head>
<body>{PS}</body></html></inlineXML></contentSet></newsItem>"""


def test_nitf(tmp_path: Path) -> None:
    article = one(read(tmp_path, "depeche.xml", NITF.encode()))
    assert (article.title, article.source) == (TITLE, "depeche.xml#1")
    assert article.text == f"{TITLE}\n\nRENNES, 12 mars 2024 (AO)\n\n{BODY}"
    assert article.published == datetime(2024, 3, 12, 8, 15)
    assert (article.author, article.publisher) == ("Jeanne Morel", "Agence de l’Ouest")
    assert article.tags == ("budget", "Rennes")


def test_newsml_g2_in_a_message(tmp_path: Path) -> None:
    picture = _g2(kind="ninat:picture")
    other = _g2().replace(TITLE, OTHER_TITLE).replace(PS, "".join(f"<p>{p}</p>" for p in OTHER_BODY.split("\n\n")))
    message = f'<?xml version="1.0"?><newsMessage xmlns="x"><header/><itemSet>{_g2()}{picture}{other}</itemSet></newsMessage>'
    first, second = articles(read(tmp_path, "message.xml", message.encode()))
    assert (first.source, first.title, first.text) == ("message.xml#1", TITLE, f"{TITLE}\n\n{BODY}")
    assert (first.published, first.author, first.publisher) == (datetime(2024, 3, 12, 8, 15), "Jeanne Morel", "Agence de l’Ouest")
    assert (second.source, second.text) == ("message.xml#2", f"{OTHER_TITLE}\n\n{OTHER_BODY}")


@pytest.mark.parametrize(("version", "published"), [("1", datetime(2024, 3, 13, 10)), ("2", None)])
def test_a_later_version_is_not_the_publication(tmp_path: Path, version: str, published: datetime | None) -> None:
    assert one(read(tmp_path, "a.newsml", _g2(version, created="").encode())).published == published


def test_newsml_1(tmp_path: Path) -> None:
    data = f"""<NewsML><NewsEnvelope/><NewsItem><Identification><NewsIdentifier><ProviderId>ao.fr</ProviderId>
<DateId>20240312</DateId>
<RevisionId PreviousRevision="0">1</RevisionId></NewsIdentifier></Identification><NewsManagement><NewsItemType FormalName="News"/>
<FirstCreated>20240312T081500Z</FirstCreated><ThisRevisionCreated>20240312T101500Z</ThisRevisionCreated></NewsManagement>
<NewsComponent><NewsLines><HeadLine>{TITLE}</HeadLine><CreditLine>AO</CreditLine></NewsLines><ContentItem>
<MediaType FormalName="Text"/>
<DataContent>{PS}</DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"""
    article = one(read(tmp_path, "a.xml", data.encode("cp1252")))  # no encoding declared, and not UTF-8
    assert (article.text, article.published, article.publisher) == (f"{TITLE}\n\n{BODY}", datetime(2024, 3, 12, 8, 15), "AO")


def test_entities_that_the_dtd_would_declare(tmp_path: Path) -> None:
    data = NITF.replace("à ne", "&agrave; ne").replace("adopté", "adopt&eacute;").replace("« Nous", "&laquo; Nous")
    assert BODY in one(read(tmp_path, "a.nitf", data.encode())).text


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("", "empty file"),
        ("<nitf><body>", "not well-formed XML"),
        ("<livre><p>Non</p></livre>", "XML of an unknown kind: <livre>"),
        ("pas du XML", "XML of an unknown kind"),
        ("<newsMessage></newsMessage>", "no news item"),
        (f'<!DOCTYPE nitf [<!ENTITY l0 "ha">{LAUGHS}]><nitf><p>&l11;</p></nitf>', "it declares entities"),
        (
            '<!DOCTYPE nitf [<!ENTITY x SYSTEM "file:///etc/passwd">]><nitf><body.content><p>&x;</p></body.content></nitf>',
            "it declares entities",
        ),
        ('<!DOCTYPE nitf [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]><nitf/>', "it declares entities"),
    ],
)
def test_what_is_refused(tmp_path: Path, data: str, reason: str) -> None:
    assert error(read(tmp_path, "a.xml", data.encode())).startswith(reason)


def test_an_item_without_text_costs_only_itself(tmp_path: Path) -> None:
    empty = "<newsItem><contentMeta><headline>Rien</headline></contentMeta></newsItem>"
    broken, article = read(tmp_path, "a.xml", f"<itemSet>{empty}{_g2()}</itemSet>".encode())
    assert error([broken]) == "an item without text: Rien"
    assert one([article]).source == "a.xml#2"


def test_items_are_forgotten_when_they_are_read(tmp_path: Path) -> None:
    from pipeline.ingest import formats
    from pipeline.ingest.formats import news_xml

    path = tmp_path / "a.xml"
    path.write_text(f"<itemSet>{_g2() * 300}</itemSet>", encoding="utf-8")
    items = list(news_xml._items(path))
    assert len(items) == 300
    assert not any(len(item) for item in items[:-1])
    assert sum(1 for _ in formats.read(path)) == 300
