"""A town of one street, written to files as its administrator would."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

OUTLINE = [[2.34, 48.81], [2.35, 48.81], [2.35, 48.82], [2.34, 48.82], [2.34, 48.81]]
Files = dict[str, dict[str, Any]]


def both(text: str) -> dict[str, str]:
    """A label in both languages."""
    return {"fr": text, "en": f"{text} (en)"}


def files(slug: str, user: str) -> Files:
    """The town `slug`, whose only tools are the front end `user` and the agent tool `user-desk`."""
    return {
        "town.yaml": {
            "slug": slug,
            "name": slug.capitalize(),
            "time_zone": "Europe/Paris",
            "kinds": ["problem"],
            "centre": {"latitude": 48.815, "longitude": 2.345},
            "working_time": {"weekdays": ["monday"], "opens": "09:00", "closes": "17:00"},
            "mail": {"from": f"mairie@{slug}.example.org", "signature": both("La mairie")},
        },
        "categories.yaml": {
            "categories": [
                {
                    "slug": "rue",
                    "label": both("La rue"),
                    "children": [{"slug": "trou", "label": both("Un trou")}],
                }
            ]
        },
        "departments.yaml": {"departments": [{"slug": "voirie", "label": both("Voirie")}]},
        "authorities.yaml": {"authorities": []},
        "competence.yaml": {
            "layers": {"town": {"layer": "commune", "label": both("La commune")}},
            "rules": [{"rule": "C1", "label": both("Partout"), "competent": "town", "areas": ["commune"]}],
        },
        "rules.yaml": {"rules": [{"rule": "R1", "label": both("Tout"), "department": "voirie"}]},
        "delays.yaml": {
            "default": {"acknowledge": "2 working days"},
            "forwarded": {"resolve": "30 calendar days"},
            "triage": {"acknowledge": "1 working day"},
        },
        "tools.yaml": {
            "tools": [
                {"user": user, "role": "front_end"},
                {"user": f"{user}-desk", "role": "agent", "department": "voirie"},
            ]
        },
    }


def write(directory: Path, content: Mapping[str, Any]) -> Path:
    """Write these files, and the outline; returns the folder."""
    (directory / "areas").mkdir(parents=True, exist_ok=True)
    for name, data in content.items():
        (directory / name).write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False))
    feature = {
        "type": "Feature",
        "properties": {"slug": "outline", "label": both("Le contour")},
        "geometry": {"type": "Polygon", "coordinates": [OUTLINE]},
    }
    collection = {"type": "FeatureCollection", "features": [feature]}
    (directory / "areas" / "commune.geojson").write_text(json.dumps(collection, indent=1))
    return directory
