"""What happens under a finger, played on the real window with a clock of the test's own. Each `play_...` gets the kit and asserts."""

import threading

import numpy as np

from drivers.contract import Encoding, Kind
from kiosk.screens.comfort import Comforts
from kiosk.screens.parts.display import Live
from kiosk.screens.pen import LONGEST_LOOP_S
from kiosk.screens.pictures import drawings
from kiosk.screens.theme import CORNER_S
from kiosk.screens.voice import Sign
from kiosk.views.parts import Sentence, View
from tests.pictures import samples
from tests.pictures.kit import Kit, Pixels, difference

ENTER, TAB, F1 = 13, 9, 282


def view(name: str) -> View:
    """A sample view by its name."""
    return next(v for v in samples.views("en") if v.name == name)


def shown(kit: Kit, name: str) -> Pixels:
    """Show it as the lane would, and what is then to be seen."""
    kit.app.show(view(name))
    kit.step(3)
    return kit.pixels()


def draws(kit: Kit, frames: int) -> int:
    """How often the window is drawn in so many frames."""
    count = []
    kit.app._window.bind(on_flip=lambda *_: count.append(1))
    kit.step(frames)
    kit.app._window.unbind(on_flip=count.append)
    return len(count)


def play_a_touched_choice_is_sent_once(kit: Kit) -> None:
    shown(kit, "TRAVEL_CLASS")
    kit.sent.clear()
    kit.tap("pass")
    assert kit.sent == [("event", "pass")]


def play_a_finger_that_slides_off_chooses_nothing(kit: Kit) -> None:
    shown(kit, "TRAVEL_CLASS")
    kit.sent.clear()
    kit.press("pass")
    part = kit.app.sheet.part("help")
    assert part is not None
    kit._touch.move({"x": part.rect.centre[0] / kit.theme.display.width, "y": 0.02})
    kit._loop.post_dispatch_input("update", kit._touch)
    kit.release()
    assert kit.sent == []


def play_a_touch_shows_within_two_frames(kit: Kit) -> None:
    before = shown(kit, "TRAVEL_CLASS")
    kit.press("pass")
    after = kit.pixels()
    rect = kit.app.sheet.part("pass").rect
    changed = np.abs(before.astype(int) - after.astype(int)).max(axis=2) > 40
    assert changed[rect.y : rect.bottom, rect.x : rect.right].mean() > 0.5
    kit.release()


def play_a_touch_sounds_and_speaks_the_choice(kit: Kit) -> None:
    shown(kit, "LANGUAGE")
    kit.tap("pt")
    assert kit.voice.signs[-1] is Sign.TOUCHED
    assert kit.voice.said[-1] == (("pt", "pt"),)


def play_a_second_finger_is_nothing(kit: Kit) -> None:
    shown(kit, "TRAVEL_CLASS")
    kit.sent.clear()
    kit.press("pass")
    first = kit._touch
    kit.press("crew")
    kit.release()
    kit._touch = first
    kit.release()
    assert len(kit.sent) <= 1


def play_a_waiting_kiosk_draws_nothing(kit: Kit) -> None:
    shown(kit, "ATTRACT")
    kit.step(10)
    assert draws(kit, 300) == 0


def play_a_screen_that_moves_is_drawn_and_comes_round_in_four_seconds(kit: Kit) -> None:
    shown(kit, "DOC_CAPTURE")
    assert draws(kit, 120) > 20
    assert all(layer.motion is None or layer.motion.period < LONGEST_LOOP_S for layers in drawings().values() for layer in layers)


def play_attract_and_closed_have_no_layer_that_moves(kit: Kit) -> None:
    assert all(layer.motion is None for name in ("welcome", "lane_closed") for layer in drawings()[name])


def play_ten_seconds_in_the_corner_ask_for_the_menu(kit: Kit) -> None:
    shown(kit, "ATTRACT")
    kit.sent.clear()
    kit.press_at(20, 20)
    kit.wait(CORNER_S - 0.5)
    assert kit.sent == []
    kit.wait(1.0)
    assert kit.sent == ["menu asked"]
    kit.release()
    assert kit.sent == ["menu asked"]


def play_a_short_touch_in_the_corner_begins_as_any_touch_does(kit: Kit) -> None:
    shown(kit, "ATTRACT")
    kit.sent.clear()
    kit.press_at(20, 20)
    kit.release()
    kit.wait(CORNER_S + 1)
    assert kit.sent == [("event", "start")]


def play_a_view_left_by_another_thread_is_shown(kit: Kit) -> None:
    shown(kit, "ATTRACT")
    other = threading.Thread(target=kit.app.show, args=(view("NOTICE"),))
    other.start()
    other.join()
    kit.step(3)
    assert kit.app.showing.view.name == "NOTICE"


def _colour(kit: Kit) -> tuple[int, int, int]:
    """In the middle of the camera's picture."""
    live = next(part for part in kit.app.sheet.page.parts if isinstance(part, Live))
    x, y = live.rect.centre
    red, green, blue = (int(c) for c in kit.pixels()[y, x])
    return red, green, blue


def play_the_camera_is_shown_in_its_colours_with_its_hint_and_forgotten_after(kit: Kit) -> None:
    shown(kit, "FACE")
    hint = Sentence("closer", "Come a little closer", ("closer",))
    bgr = np.zeros((120, 160, 3), np.uint8)
    bgr[:] = (30, 90, 200)
    kit.wait(4)
    kit.app.live(Kind.FACE_CAMERA, bgr.tobytes(), 160, 120, Encoding.BGR8, hint)
    kit.step(3)
    assert _colour(kit) == (200, 90, 30)
    assert any(" ".join(p.letters.lines) == hint.text for p in kit.app.sheet.page.parts if hasattr(p, "letters") and p.letters)
    assert kit.voice.said[-1] == (("en", "closer"),)
    shown(kit, "ATTRACT")
    shown(kit, "FACE")
    assert not any(isinstance(part, Live) for part in kit.app.sheet.page.parts), "a drawing stands there until the first picture"
    kit.app._showing = kit.app.showing.with_picture()
    kit.app._draw()
    kit.step()
    assert max(_colour(kit)) < 60, "nothing is left of the traveller before"


def play_a_frame_of_another_camera_is_dropped(kit: Kit) -> None:
    shown(kit, "FACE")
    kit.app.live(Kind.DOCUMENT_CAMERA, bytes([255]) * 64, 8, 8, Encoding.GREY8)
    kit.step(3)
    assert not kit.app.showing.lit


def play_the_first_row_of_a_frame_is_on_top_and_a_face_is_mirrored(kit: Kit) -> None:
    shown(kit, "FACE")
    grey = np.zeros((100, 100), np.uint8)
    grey[:50, :50] = 255
    kit.app.live(Kind.FACE_CAMERA, grey.tobytes(), 100, 100, Encoding.GREY8)
    kit.step(4)
    pixels = kit.pixels()
    rect = next(part for part in kit.app.sheet.page.parts if isinstance(part, Live)).rect
    x, y = rect.centre
    corners = [pixels[y + dy, x + dx, 0] > 128 for dy in (-40, 40) for dx in (-40, 40)]
    assert corners == [False, True, False, False]


def play_keys_move_a_ring_that_is_seen_and_choose(kit: Kit) -> None:
    plain = shown(kit, "TRAVEL_CLASS")
    kit.sent.clear()
    kit.key(TAB)
    assert difference(plain, kit.pixels()) > 0.002
    assert kit.app.showing.focus == "passport"
    kit.key(ENTER)
    assert kit.sent == [("event", "passport")]
    kit.key(F1)
    assert kit.sent[-1] == ("event", "help")


def play_larger_text_and_other_contrast_are_seen_and_gone_for_the_next(kit: Kit) -> None:
    before = shown(kit, "NOTICE")
    kit.tap("text_size")
    larger = kit.pixels()
    assert difference(before, larger) > 0.01
    kit.tap("contrast")
    assert difference(larger, kit.pixels()) > 0.3
    shown(kit, "ATTRACT")
    assert kit.app.showing.comforts == Comforts()
    assert difference(before, shown(kit, "NOTICE")) < 0.001


def play_the_question_over_a_screen_takes_all_touches(kit: Kit) -> None:
    shown(kit, "MORE_TIME")
    kit.sent.clear()
    under = kit.theme.display.height - 30
    kit.press_at(60, under)
    kit.release()
    assert kit.sent == []
    kit.tap("more_yes")
    assert kit.sent == [("event", "more_yes")]


def play_an_unknown_drawing_fails_loudly(kit: Kit) -> None:
    from kiosk.screens.pictures import NoSuchPicture, icon, layer

    for ask in (lambda: icon("nobody", 10), lambda: layer("light", "nobody", "x", 10)):
        try:
            ask()
        except NoSuchPicture:
            continue
        raise AssertionError("an unknown picture was drawn")


def play_the_driver_is_named(kit: Kit) -> None:
    assert kit.renderer
    assert kit.app.software_drawing is any(name in kit.renderer.lower() for name in ("llvmpipe", "softpipe", "swrast"))


def play_a_shifted_picture_is_the_same_and_a_changed_one_is_not(kit: Kit) -> None:
    one = shown(kit, "REVIEW")
    assert difference(one, np.roll(one, (1, -1), (0, 1))) < 0.001
    changed = one.copy()
    changed[200:240, 300:600] = 128
    assert difference(one, changed) > 0.001
    assert difference(one, one[:-1]) == 1.0
