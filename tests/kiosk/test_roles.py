"""Who may do what, as a table that a person reviews."""

from kiosk.roles import Deed, Role, may

TABLE = """
                   traveller officer second_line shift_lead technician
see_queue              -        x         x          x          -
see_case               -        x         x          x          -
claim                  -        x         x          x          -
clear                  -        x         x          x          -
refer_second_line      -        x         x          x          -
resolve_conflict       -        -         -          x          -
attend_help            -        x         x          x          -
see_devices            -        -         -          -          x
test_device            -        -         -          -          x
open_close_lane        -        -         -          x          x
"""


def test_each_role_may_do_what_the_reviewed_table_says_and_nothing_else() -> None:
    head, *rows = [line.split() for line in TABLE.strip().splitlines()]
    assert {deed for deed, *_ in rows} == set(Deed)
    for deed, *marks in rows:
        for role, mark in zip(head, marks, strict=True):
            assert may(frozenset({Role(role)}), Deed(deed)) == (mark == "x"), (role, deed)


def test_two_roles_add_up() -> None:
    assert may(frozenset({Role.TECHNICIAN, Role.OFFICER}), Deed.CLEAR)
    assert not may(frozenset(), Deed.SEE_QUEUE)
