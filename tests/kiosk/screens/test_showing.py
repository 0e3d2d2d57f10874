"""What touches and keys do to what a traveller sees and hears; nothing is drawn here."""

from dataclasses import replace

from kiosk.screens.comfort import Comfort, Comforts
from kiosk.screens.keys import KEYS, Key
from kiosk.screens.palette import Contrast
from kiosk.screens.parts.base import Target
from kiosk.screens.parts.display import Live
from kiosk.screens.theme import DISPLAYS
from kiosk.screens.traveller.frame import Turn
from kiosk.screens.traveller.showing import Say, Send, Showing
from kiosk.views.parts import Layout, View
from tests.pictures import samples

VIEWS = {view.name: view for view in samples.views("en")}


FIRST = Comforts()


def showing(name: str, comforts: Comforts = FIRST, language: str = "en") -> Showing:
    view = next(view for view in samples.views(language) if view.name == name)
    return Showing(DISPLAYS["lane10"], view, comforts)


def touched(before: Showing, event: object) -> Showing:
    return before.touched(Target("x", event))[0]


def test_a_choice_is_sent_as_the_event_it_carries() -> None:
    before = showing("TRAVEL_CLASS")
    choice = before.view.choices[1]
    assert before.touched(Target(choice.id, choice.event)) == (before, (Send(choice.event),))


def test_text_size_goes_through_four_steps_and_round() -> None:
    now = showing("NOTICE")
    seen = []
    for _ in range(5):
        seen.append(now.comforts.scale)
        now = touched(now, Comfort.SIZE)
    assert seen == [1.0, 1.15, 1.3, 1.6, 1.0]


def test_contrast_goes_through_four_modes_and_volume_through_three() -> None:
    now, modes, volumes = showing("NOTICE"), set(), set()
    for _ in range(4):
        modes.add(now.comforts.contrast)
        volumes.add(now.comforts.volume)
        now = touched(touched(now, Comfort.CONTRAST), Comfort.VOLUME)
    assert modes == set(Contrast) and len(volumes) == 3


def test_the_next_traveller_finds_the_comforts_as_they_were() -> None:
    changed = showing("TOKEN", Comforts(1.6, Contrast.DARK, 1.0))
    after, effects = changed.with_view(VIEWS["ATTRACT"])
    assert after.comforts == Comforts()
    assert effects == (Say(()),)


def test_comforts_stay_from_screen_to_screen_for_one_traveller() -> None:
    chosen = Comforts(1.3, Contrast.LOW_BLUE, 1.0)
    assert showing("LANGUAGE", chosen).with_view(VIEWS["NOTICE"])[0].comforts == chosen


def test_a_new_screen_speaks_its_title_and_lines_in_its_language() -> None:
    _, effects = showing("LANGUAGE").with_view(next(v for v in samples.views("ny") if v.name == "NOTICE"))
    assert effects == (Say((("ny", "notice"), ("ny", "notice_1"), ("ny", "notice_2"), ("ny", "notice_3"))),)


def test_the_same_screen_shown_again_is_not_spoken_again() -> None:
    before = showing("REVIEW")
    same = replace(before.view, steps=(6, 7))
    assert before.with_view(before.view) == (before, ())
    assert before.with_view(same)[1] == ()


def test_a_question_over_the_screen_is_spoken_instead_of_it() -> None:
    _, effects = showing("FINGERS").with_view(VIEWS["MORE_TIME"])
    assert effects == (Say((("en", "more"),)),)


def test_a_language_tile_speaks_in_its_own_language_under_the_finger() -> None:
    before = showing("LANGUAGE")
    tile = next(target for target in before.order() if target.id == "fr")
    assert before.pressed(tile) == (Say((("fr", "fr"),)),)


def test_the_speaker_sign_repeats_the_whole_screen() -> None:
    before = showing("FACE")
    assert before.touched(Target("listen", Comfort.LISTEN)) == (before, (Say(before.spoken()),))


def test_the_arrow_keys_walk_every_choice_and_action_and_come_back() -> None:
    now = showing("TRAVEL_CLASS")
    walked = []
    for _ in range(len(now.order()) + 1):
        now, effects = now.key(Key.NEXT)
        assert effects and isinstance(effects[0], Say)
        walked.append(now.focus)
    assert walked[:4] == ["passport", "pass", "crew", "none"]
    assert {"back", "help", "listen", "volume", "text_size", "contrast"} <= set(walked)
    assert walked[-1] == walked[0]


def test_going_backwards_from_nothing_begins_at_the_end() -> None:
    now = showing("TRAVEL_CLASS")
    assert now.key(Key.PREVIOUS)[0].focus == now.order()[-1].id


def test_what_has_the_focus_is_chosen_with_one_key() -> None:
    now, _ = showing("TRAVEL_CLASS").key(Key.NEXT)
    assert now.key(Key.CHOOSE)[1] == (Send(("event", "passport")),)


def test_choosing_with_no_focus_shows_where_one_is_instead_of_choosing_blindly() -> None:
    now, effects = showing("TRAVEL_CLASS").key(Key.CHOOSE)
    assert now.focus == "passport" and not any(isinstance(effect, Send) for effect in effects)


def test_back_help_and_repeat_have_keys_of_their_own() -> None:
    before = showing("DOC_CAPTURE")
    assert before.key(Key.BACK)[1] == (Send(("event", "back")),)
    assert before.key(Key.HELP)[1] == (Send(("event", "help")),)
    assert before.key(Key.REPEAT)[1] == (Say(before.spoken()),)
    assert set(KEYS.values()) == set(Key)


def test_help_pressed_where_there_is_none_does_nothing() -> None:
    before = showing("CLOSED")
    assert before.key(Key.HELP) == (before, ())


def test_leaves_are_turned_forward_and_back_and_a_larger_text_begins_again() -> None:
    now = showing("NOTICE", Comforts(scale=1.6), "ny")
    total = now.composed().leaf.total
    assert total > 1
    on = touched(now, Turn.FORWARD)
    assert on.leaf == 1 and touched(on, Turn.BACK).leaf == 0
    assert touched(on, Comfort.SIZE).leaf == 0


def test_the_back_key_turns_a_leaf_back_before_it_leaves_the_screen() -> None:
    now = touched(showing("NOTICE", Comforts(scale=1.6), "ny"), Turn.FORWARD)
    assert now.key(Key.BACK)[0].leaf == 0


def test_the_main_action_waits_until_the_last_leaf_was_seen() -> None:
    now = showing("NOTICE", Comforts(scale=1.6), "ny")
    assert "understood" not in {target.id for target in now.order()}
    for _ in range(now.composed().leaf.total - 1):
        now = touched(now, Turn.FORWARD)
    assert "understood" in {target.id for target in now.order()}


def test_every_screen_can_be_gone_through_with_keys_alone() -> None:
    for view in VIEWS.values():
        choices = [*view.choices, *(c for c in (view.main, view.second, view.back, view.help) if c is not None)]
        if view.overlay is not None:
            choices = list(view.overlay.choices)
        reached: set[str] = set()
        now = Showing(DISPLAYS["lane10"], view)
        for leaf in range(now.composed().leaf.total):
            reached |= {target.id for target in replace(now, leaf=leaf).order()}
        assert {choice.id for choice in choices} <= reached, view.name


def test_attract_may_be_touched_anywhere() -> None:
    now = showing("ATTRACT")
    assert isinstance(now.view, View) and now.view.layout is Layout.ATTRACT
    assert "anywhere" in {part.target.id for part in now.composed().page.targets() if part.target}


def test_any_key_wakes_a_kiosk_that_waits() -> None:
    for key in (Key.NEXT, Key.CHOOSE, Key.REPEAT, Key.HELP):
        assert showing("ATTRACT").key(key)[1] == (Send(("event", "start")),)


def test_a_drawing_stands_in_the_camera_s_place_until_its_first_picture_and_again_for_the_next_traveller() -> None:
    def is_live(now: Showing) -> bool:
        return any(isinstance(part, Live) for part in now.composed().page.parts)

    face = showing("FACE")
    assert not is_live(face)
    lit = face.with_picture()
    assert is_live(lit)
    after = lit.with_view(VIEWS["ATTRACT"])[0].with_view(VIEWS["FACE"])[0]
    assert not is_live(after)
