"""Fixtures of these tests."""

from tests.support.plumbing import client, lab, probe, quiet_ground

__all__ = ["client", "lab", "probe", "quiet_ground"]
