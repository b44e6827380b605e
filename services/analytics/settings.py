"""What analytics' commands read from the environment; the service itself needs what all services do."""

from __future__ import annotations

import os
from collections.abc import Mapping

from shared.settings import required


def database_url(environ: Mapping[str, str] = os.environ) -> str:
    """The address of analytics' database; raises SettingMissing."""
    return required("ANALYTICS_DATABASE_URL", environ)
