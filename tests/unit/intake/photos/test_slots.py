"""Slots for uploads: never more than there are, a share for each, and turns."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.photos import PhotoRefused
from services.intake.photos.slots import Slots

PATIENCE = 60.0


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    """Threads that end with the test."""
    with ThreadPoolExecutor(8) as pool:
        yield pool


def _wait_for_waiting(slots: Slots, many: int) -> None:
    with slots._changed:
        assert slots._changed.wait_for(lambda: len(slots._waiting) == many, PATIENCE)


@given(st.integers(1, 6), st.integers(1, 6), st.lists(st.sampled_from("abc"), max_size=20))
def test_no_more_than_the_total_and_the_share_are_held(total: int, share: int, holders: list[str]) -> None:
    slots, held = Slots(total, share), list[str]()
    with ExitStack() as stack:
        for holder in holders:
            is_free = len(held) < total and held.count(holder) < share
            if is_free:
                stack.enter_context(slots.hold(holder))
                held.append(holder)
            else:
                with pytest.raises(PhotoRefused, match="busy"), slots.hold(holder):
                    pass
    with ExitStack() as stack:  # all are free again
        for number in range(total):
            stack.enter_context(slots.hold(number))


def test_place_is_free_again_after_a_failure() -> None:
    slots = Slots(1, 1)
    with pytest.raises(ZeroDivisionError), slots.hold("a"):
        raise ZeroDivisionError
    with slots.hold("a"):
        pass


def test_who_has_fewest_is_next_and_then_who_waits_longest(threads: ThreadPoolExecutor) -> None:
    slots, order, waiting = Slots(2, 2), list[str](), list[Future[None]]()
    release = threading.Event()

    def hold(holder: str, name: str) -> None:
        with slots.hold(holder, PATIENCE):
            order.append(name)

    def keep() -> None:
        with slots.hold("a", PATIENCE):
            assert release.wait(PATIENCE)

    with slots.hold("a"):
        kept = threads.submit(keep)
        while slots._held.total() < 2:
            _wait_for_waiting(slots, 0)
        for holder, name in (("a", "a 1"), ("a", "a 2"), ("b", "b 1")):
            waiting.append(threads.submit(hold, holder, name))
            _wait_for_waiting(slots, len(waiting))
    for future in waiting:
        future.result(PATIENCE)
    release.set()
    kept.result(PATIENCE)
    assert order == ["b 1", "a 1", "a 2"]


def test_who_has_its_share_keeps_nobody_else_waiting(threads: ThreadPoolExecutor) -> None:
    slots = Slots(2, 1)

    def hold() -> None:
        with slots.hold("a", PATIENCE):
            pass

    with slots.hold("a"):
        more = threads.submit(hold)
        _wait_for_waiting(slots, 1)
        with slots.hold("b"):
            assert not more.done()
    more.result(PATIENCE)
