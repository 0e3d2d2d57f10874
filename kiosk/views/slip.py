"""A slip as it shall read, from what the registration orders. PURE. No name is on it, and help has the same form as everything else."""

from datetime import datetime

from drivers.contract import Slip
from kiosk.registration.commands import PrintSlip
from kiosk.registration.profile import Profile
from kiosk.views.traveller_parts import Scene, Tongue, band, direction, grouped
from kiosk.words.dates import moment


def slip(order: PrintSlip, profile: Profile, scene: Scene, at: datetime | None) -> Slip:
    """In the traveller's language. `at` is the local time of the post; None where the clock is unknown: then no time is printed (law 11)."""
    tongue = Tongue(scene.words, order.language)
    way = direction(profile, tongue).text
    return Slip(
        language=order.language,
        heading=f"{scene.post} · {tongue.text('slip_immigration')}".upper(),
        subheading=way if at is None else f"{way} · {moment(scene.words, order.language, at)}",
        place_label=tongue.text("slip_go_to_desk"),
        place=order.place.name,
        arrow=order.place.arrow,
        number_label=tongue.text("slip_number"),
        number=str(order.case.number),
        code_label=tongue.text("slip_code"),
        code=grouped(order.case.token),
        qr=order.case.qr,
        party=tongue.text("slip_people", count=order.party),
        footer=(tongue.text("keep_slip"), tongue.text("slip_hours", count=order.hours), tongue.text("no_fee")),
        band=band(scene, order.language),
    )
