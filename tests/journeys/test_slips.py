"""From the printer's own bytes to what the traveller reads: a slip counts as printed only when the printer says so."""

import pytest

from drivers import contract
from drivers.contract import Answered, Kind, Paper, SlipNotPrinted, SlipPrinted
from drivers.lines import to_line, word_from_line
from kiosk.hearing import event_of
from kiosk.registration.names import StepName
from kiosk.registration.states import SlipIs, Token
from kiosk.views.traveller import view
from kiosk.words.catalogue import LANGUAGES
from tests.drivers.receipt.post import SHORT, Post
from tests.kiosk.registration.visit import Visit
from tests.kiosk.views.onlookers import SCENE


@pytest.mark.parametrize(
    ("knows", "paper", "condition", "answer", "slip", "sentence"),
    [
        ({}, "58mm", "ok", SlipPrinted(confirmed=True), SlipIs.PRINTED, "keep_slip"),
        ({"marks": False, "process_ids": False}, "58mm", "ok", SlipPrinted(confirmed=False), SlipIs.UNSURE, "token_unsure"),
        ({}, "58mm-mute", "ok", SlipPrinted(confirmed=False), SlipIs.UNSURE, "token_unsure"),
        ({}, "58mm", "out", SlipNotPrinted(Paper.OUT), SlipIs.ON_SCREEN, "no_fee"),
        ({}, "58mm", "cutter", SlipNotPrinted(Paper.CUTTER), SlipIs.ON_SCREEN, "no_fee"),
        ({}, "58mm", "offline", SlipNotPrinted(Paper.OFFLINE), SlipIs.ON_SCREEN, "no_fee"),
        ({}, "58mm", "silent", SlipNotPrinted(Paper.SILENT), SlipIs.ON_SCREEN, "no_fee"),
    ],
)
def test_the_screen_promises_no_more_than_the_printer_said(tmp_path, knows, paper, condition, answer, slip, sentence):
    post = Post(tmp_path, paper=paper, knows=knows)
    post.scene.put("receipt_printer", paper=condition)
    post.driver.open(post.outlet)
    said = post.print(SHORT, seconds=2.5)
    post.driver.close()
    assert said == answer
    visit = Visit().to(StepName.TOKEN)
    word = word_from_line(to_line(Answered(visit.order, said)))
    assert isinstance(word, Answered)
    event = event_of(Kind.RECEIPT_PRINTER, contract.PrintSlip(SHORT), word, None, None)
    assert event is not None
    visit.tell(event)
    assert visit.at(Token).slip is slip
    shown = view(visit.state, SCENE)
    assert shown.lines[0].key == sentence
    assert shown.number == "17"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unconfirmed_slip_has_words_in_every_language(language):
    assert len(SCENE.words.say("token_unsure", language)) > 10
