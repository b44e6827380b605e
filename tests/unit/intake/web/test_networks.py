"""What one network may send in an hour, without its address being kept."""

from __future__ import annotations

import pytest
from flask import Flask

from services.intake.usecases.limits import HOUR, HourlyCount
from services.intake.web.networks import Networks
from shared.web import Problem


class Clock:
    """Seconds that a test sets."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def _check(networks: Networks, address: str, town: str = "gentilly") -> None:
    with Flask("test").test_request_context(environ_base={"REMOTE_ADDR": address}):
        networks.check(town)


def _networks(most: int, clock: Clock) -> Networks:
    return Networks(HourlyCount(most, clock), b"secret")


def test_too_much_is_refused_with_a_time_and_harms_no_other_network_and_no_other_town() -> None:
    clock = Clock()
    networks = _networks(2, clock)
    for _ in range(2):
        _check(networks, "192.0.2.1")
    clock.now += HOUR / 2
    with pytest.raises(Problem) as refused:
        _check(networks, "192.0.2.1")
    assert (refused.value.status, refused.value.headers["Retry-After"]) == (429, "1801")
    assert "30 minutes" in refused.value.title.fr
    _check(networks, "192.0.2.2")
    _check(networks, "192.0.2.1", "elsewhere")
    clock.now += HOUR
    _check(networks, "192.0.2.1")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:0:100::1", "2001:db8:0:1ff:ffff::2", True),
        ("2001:db8:0:100::1", "2001:db8:0:200::1", False),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
def test_a_network_is_what_one_subscriber_has(one: str, other: str, same: bool) -> None:
    networks = _networks(1, Clock())
    _check(networks, one)
    if same:
        with pytest.raises(Problem):
            _check(networks, other)
    else:
        _check(networks, other)


def test_no_address_is_kept() -> None:
    networks = _networks(5, Clock())
    _check(networks, "192.0.2.1")
    assert "192.0.2" not in repr(networks.count._counts)
