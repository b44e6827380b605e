"""What a town takes, and all that it says is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from services.intake.domain import reports as domain
from tests.contract.examples import example

CATEGORY = {"label": {"fr": "Trou"}, "active": True, "kinds": ["problem", "suggestion"]}
TOWN = domain.town(
    1,
    {
        **example("town.configured.v1").data,
        "kinds": ["problem", "suggestion"],
        "categories": [
            {"slug": "trou", **CATEGORY},
            {"slug": "banc", **CATEGORY, "active": False},
            {"slug": "danger", **CATEGORY, "kinds": ["problem"]},
            {
                "slug": "voirie",
                "label": {"fr": "Voirie"},
                "children": [
                    {"slug": "voirie/nid-de-poule", **CATEGORY},
                    {"slug": "voirie/passage-pieton", **CATEGORY, "kinds": ["suggestion"]},
                    {"slug": "voirie/cabine", **CATEGORY, "active": False},
                ],
            },
        ],
        "tools": [{"user": "web", "role": "front_end"}, {"user": "desk", "role": "agent"}],
    },
)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"kind": "problem", "category": "trou"}, []),
        ({"kind": "praise", "category": "trou"}, ["kind_not_offered"]),
        ({"kind": "problem", "category": "licorne"}, ["unknown_category"]),
        ({"kind": "problem", "category": "banc"}, ["retired_category"]),
        ({"kind": "suggestion", "category": "danger"}, ["category_not_for_kind"]),
        ({"kind": "praise", "category": "licorne"}, ["kind_not_offered", "unknown_category"]),
        ({"kind": "praise", "category": "danger"}, ["kind_not_offered"]),
        ({"category": "licorne"}, ["unknown_category"]),
        ({"category": "danger"}, []),
        ({"kind": "praise"}, ["kind_not_offered"]),
        ({}, []),
    ],
)
def test_all_that_is_wrong_is_said_of_what_could_be_read(data: dict[str, Any], expected: list[str]) -> None:
    assert [
        problem.code for problem in domain.errors_for(TOWN, "web", data.get("kind"), data.get("category"))
    ] == expected


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("voirie", "unknown_category.parent"),
        ("Voirie", "unknown_category.parent"),
        ("voirie/nid-de-poules", "unknown_category.near:voirie/nid-de-poule"),
        ("Voirie/Nid-de-Poule", "unknown_category.near:voirie/nid-de-poule"),
        ("nid de poule", "unknown_category.near:voirie/nid-de-poule"),
        ("voirie/passage-pietons", "unknown_category"),  # not for problems
        ("voirie/cabines", "unknown_category"),  # not offered any more
        ("voirie/licorne", "unknown_category"),
        ("/", "unknown_category"),
    ],
)
def test_what_was_meant_is_said_where_it_can_be_told(said: str, code: str) -> None:
    (problem,) = domain.errors_for(TOWN, "web", "problem", said)
    assert problem == domain.FieldError("/data/category", code)


@pytest.mark.parametrize(("town", "sender"), [(None, "web"), (TOWN, "desk"), (TOWN, "other")])
def test_nobody_else_learns_anything(town: domain.Town | None, sender: str) -> None:
    problems = domain.errors_for(town, sender, "praise", "licorne")
    assert problems == [domain.FieldError("/town", "not_allowed.town")]


def test_photos_that_were_not_found_are_pointed_at() -> None:
    assert domain.photo_errors(["a", "b", "a", "c"], {"b", "c"}) == [
        domain.FieldError("/data/photos/0", "unknown_photo"),
        domain.FieldError("/data/photos/2", "unknown_photo"),
    ]
