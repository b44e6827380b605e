"""The exchanges on which events are published, and the routing key that services and tools both need."""

CITIZEN_IN, DESK_IN, EVENTS, DESK = "citizen.in", "desk.in", "events", "desk"
INTAKE, STATISTICS = "intake", "statistics"


def desk_key(town: str, department: str) -> str:
    """The routing key of a department, on `desk` and on `desk.in`."""
    return f"{town}.{department}"
