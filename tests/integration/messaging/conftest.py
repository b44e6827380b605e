"""Fixtures of these tests."""

from tests.support.plumbing import probe, quiet_ground

__all__ = ["probe", "quiet_ground"]
