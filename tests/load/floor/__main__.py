"""One process of the floor: `python -m tests.load.floor intake`."""

from __future__ import annotations

import sys

from tests.load.floor.analytics import Analytics
from tests.load.floor.intake import Intake
from tests.load.floor.notification import Notification
from tests.load.floor.routing import Routing

STAGES = {"intake": Intake, "routing": Routing, "notification": Notification, "analytics": Analytics}

if __name__ == "__main__":
    STAGES[sys.argv[1]]()
