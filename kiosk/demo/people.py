"""The people of the demo: three crossings, who takes part in them, and what they say at the kiosk. All of them are synthetic."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Member:
    """One traveller: the key of the specimen document, the seed of the face and of the fingers, whether a child, and the relation to the first."""

    specimen: str
    seed: int
    child: bool = False
    relation: str = ""


@dataclass(frozen=True)
class Crossing:
    """A party at the kiosk. `papers` is the choice on the screen; `answers` what is touched for each question, else the first choice.

    `reader` says whether the passport reader is plugged in; without it the document camera takes over.
    """

    title: str
    story: str
    language: str
    papers: str
    members: tuple[Member, ...] = ()
    answers: tuple[str, ...] = ()
    reader: bool = False
    contrast: bool = False


CROSSINGS: tuple[Crossing, ...] = (
    Crossing(
        "1. An adult with a passport",
        "The passport reader is unplugged, so the document camera reads a photograph of the passport.",
        "sw",
        "papers_document",
        (Member("adult", 1),),
        ("purpose_trade", "days_3", "health_well", "goods_yes"),
    ),
    Crossing(
        "2. A family with two children",
        "The passport reader is plugged in again and used for all of them. Children under twelve give no fingers.",
        "pt",
        "papers_document",
        (Member("mother", 5), Member("father", 2, relation="partner"), Member("child", 7, child=True, relation="child")),
        reader=True,
    ),
    Crossing(
        "3. A person without a document",
        "Nothing is asked; an officer helps. The slip looks like everyone's.",
        "ny",
        "papers_none_or_unsure",
    ),
)
