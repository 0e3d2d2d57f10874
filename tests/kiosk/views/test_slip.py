"""The slip: what stands on it in each language, and what never does."""

from dataclasses import replace
from datetime import datetime

import pytest

from drivers.contract import Arrow
from kiosk.registration import events as e
from kiosk.registration.commands import PrintSlip
from kiosk.registration.names import StepName
from kiosk.registration.profile import Direction, Place
from kiosk.registration.travellers import Case
from kiosk.views.slip import slip
from kiosk.views.traveller import Band, Scene
from kiosk.words.catalogue import LANGUAGES
from tests.kiosk.registration.visit import CASE, PROFILE, Visit, family
from tests.kiosk.views.onlookers import LEGAL, SCENE, WORDS

AT = datetime(2026, 11, 23, 10, 36)
ORDER = PrintSlip(7, Case("01930000-0000-7000-8000-000000000001", 41, "K4T7QF", 17, "signed"), "sw", Place("4", Arrow.RIGHT), 3, 4)
TANZANIA = replace(PROFILE, state="TZA", direction=Direction.EXIT)


def ordered(visit: Visit) -> PrintSlip:
    return visit.orders(PrintSlip)[0]


def test_a_slip_in_kiswahili_reads_as_it_should() -> None:
    made = slip(ORDER, TANZANIA, SCENE, AT)
    assert made.heading == "TUNDUMA · UHAMIAJI"
    assert made.subheading == "Kutoka Tanzania · 23 Nov 2026 10:36"
    assert (made.place_label, made.place, made.arrow) == ("Nenda dirisha", "4", Arrow.RIGHT)
    assert (made.number_label, made.number, made.code_label, made.code, made.qr) == ("Namba yako", "17", "Msimbo wako", "K4T 7QF", "signed")
    assert made.party == "Watu 3"
    assert made.footer == ("Shika hati zako na karatasi hii.", "Inafaa kwa saa 4.", "Huduma hii ni bure. Usimlipe mtu yeyote.")
    assert (made.language, made.band) == ("sw", "MFANO · SAMPLE")


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_a_slip_in_every_language(language: str) -> None:
    made = slip(replace(ORDER, language=language), TANZANIA, SCENE, AT)
    assert made.language == language
    assert all((made.heading, made.subheading, made.place_label, made.number_label, made.code_label, made.party, *made.footer))


def test_a_clock_that_nobody_can_vouch_for_prints_no_time() -> None:
    assert slip(ORDER, TANZANIA, SCENE, None).subheading == "Kutoka Tanzania"


def test_somebody_alone_is_one_person() -> None:
    assert slip(replace(ORDER, party=1, language="en"), TANZANIA, SCENE, AT).party == "1 person"


def test_a_slip_for_real_travellers_has_no_band() -> None:
    assert slip(ORDER, TANZANIA, Scene(WORDS, LEGAL, "Tunduma", Band.NONE), AT).band == ""


def test_no_name_and_no_document_number_is_on_a_slip() -> None:
    visit = family().is_captured().tell(e.Confirmed()).is_recorded()
    said = repr(slip(ordered(visit), PROFILE, SCENE, AT))
    assert not [part for part in ("ERIKSSON", "ANNA", "L898902C3", "1974", CASE.case_id) if part in said]


def test_the_slip_of_one_who_was_helped_differs_in_the_place_alone() -> None:
    helped = slip(ordered(Visit().to(StepName.HELP_DISCREET).is_recorded()), PROFILE, SCENE, AT)
    ordinary = slip(ordered(Visit().to(StepName.TOKEN)), PROFILE, SCENE, AT)
    assert (helped.place, helped.arrow) == ("2", Arrow.LEFT)
    assert replace(helped, place=ordinary.place, arrow=ordinary.arrow) == ordinary
