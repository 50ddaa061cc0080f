"""One place up or down, and nothing at the end of the way."""

import pytest

from loyalty.ordering import moved


@pytest.mark.parametrize(
    ("which", "up", "after"),
    [(1, True, [1, 2, 3]), (2, True, [2, 1, 3]), (3, True, [1, 3, 2]), (1, False, [2, 1, 3]), (3, False, [1, 2, 3])],
)
def test_moves_one_place(which, up, after):
    assert moved([1, 2, 3], which, up=up) == after


def test_refuses_what_is_not_there():
    with pytest.raises(ValueError, match="4"):
        moved([1, 2, 3], 4, up=True)
