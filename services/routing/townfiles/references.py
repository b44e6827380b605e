"""Whether what a town's files name exists, and is named once: checked on whatever could be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.routing.domain.town import TOWN
from services.routing.townfiles.marked import Marked, Place, Problem, did_you_mean

Files = Mapping[str, Marked]
Named = dict[str, tuple[Marked, Place]]
"""What is defined, by slug, and where."""


def check(files: Files) -> Iterator[Problem]:
    """Every reference that leads nowhere, every name that is given twice."""
    yield from _Names(files).problems()


class _Names:
    def __init__(self, files: Files) -> None:
        self._files = files
        self._twice: list[Problem] = []
        self.departments = self._named("departments.yaml", "departments", "slug", "department")
        self.authorities = self._named("authorities.yaml", "authorities", "slug", "authority")
        self.questions = self._named("categories.yaml", "questions", "slug", "question")
        self.users = self._named("tools.yaml", "tools", "user", "user")
        self.categories = self._categories()
        self.layers = self._layers()
        self.areas = self._areas()
        self.rules = self._rule_names()

    def problems(self) -> Iterator[Problem]:
        yield from self._twice
        yield from self._competence()
        yield from self._dispatch()
        yield from self._refer("delays.yaml", "delays", "categories", self.categories, "category")
        yield from self._refer("categories.yaml", "questions", "categories", self.categories, "category")
        yield from self._tools()
        yield from self._layer_files()
        yield from self._reserved()

    def _named(self, file: str, key: str, name: str, what: str) -> Named | None:
        """None where the file could not be read: then nothing can be said of what refers to it."""
        marked = self._files.get(file)
        if marked is None:
            return None
        found: Named = {}
        for place, item in marked.items(key):
            self._note(found, item.get(name), marked, (*place, name), what)
        return found

    def _note(self, found: Named, name: Any, marked: Marked, place: Place, what: str) -> None:
        if not isinstance(name, str):
            return
        if name in found:
            first, at = found[name]
            where = f"the first is at {first.file}:{first.line(at)}"
            self._twice.append(marked.problem(place, f"{what} '{name}' is there twice", where))
        found.setdefault(name, (marked, place))

    def _categories(self) -> Named | None:
        marked = self._files.get("categories.yaml")
        if marked is None:
            return None
        found: Named = {}
        self._walk_categories(found, marked, ("categories",), "")
        return found

    def _walk_categories(self, found: Named, marked: Marked, place: Place, parent: str) -> None:
        for here, item in marked.items(*place):
            slug = item.get("slug")
            if isinstance(slug, str):
                path = f"{parent}/{slug}" if parent else slug
                self._note(found, path, marked, (*here, "slug"), "category")
                self._check_depth(marked, here, path)
                self._walk_categories(found, marked, (*here, "children"), path)

    def _check_depth(self, marked: Marked, place: Place, path: str) -> None:
        if path.count("/") > 2:
            problem = marked.problem(place, f"category '{path}' is too deep", "three levels at the most")
            self._twice.append(problem)

    def _layers(self) -> Named | None:
        marked = self._files.get("competence.yaml")
        if marked is None:
            return None
        found: Named = {}
        places = [place for place, _ in marked.items("layers", "inner")]
        for place in [*places, ("layers", "town"), ("layers", "around")]:
            self._note(found, marked.at((*place, "layer")), marked, (*place, "layer"), "layer")
        return found

    def _areas(self) -> Named:
        found: Named = {}
        for name, marked in self._files.items():
            if name.startswith("areas/"):
                for place, _ in marked.items("features"):
                    here = (*place, "properties", "slug")
                    self._note(found, marked.at(here), marked, here, "area")
        return found

    def _rule_names(self) -> Named:
        found: Named = {}
        for file in ("competence.yaml", "rules.yaml"):
            if file in self._files:
                marked = self._files[file]
                for place, item in marked.items("rules"):
                    self._note(found, item.get("rule"), marked, (*place, "rule"), "rule")
        return found

    def _places(self) -> Named | None:
        return None if self.layers is None else self.layers | self.areas

    def _competence(self) -> Iterator[Problem]:
        file = "competence.yaml"
        authorities = None if self.authorities is None else {TOWN: None, **self.authorities}
        yield from self._refer(file, "rules", "competent", authorities, "authority")
        yield from self._refer(file, "rules", "areas", self._places(), "area or layer")
        yield from self._refer(file, "rules", "categories", self.categories, "category")

    def _dispatch(self) -> Iterator[Problem]:
        file = "rules.yaml"
        yield from self._refer(file, "rules", "department", self.departments, "department")
        yield from self._refer(file, "rules", "areas", self._places(), "area or layer")
        yield from self._refer(file, "rules", "categories", self.categories, "category")
        yield from self._refer(file, "rules", "sources", self._front_ends(), "front end")
        if file in self._files:
            for place, item in self._files[file].items("rules"):
                yield from self._answers(self._files[file], (*place, "answers"), item.get("answers"))

    def _front_ends(self) -> dict[str, None] | None:
        tools = self._files.get("tools.yaml")
        if tools is None:
            return None
        items = (item for _, item in tools.items("tools"))
        return {str(item.get("user")): None for item in items if item.get("role") == "front_end"}

    def _answers(self, marked: Marked, place: Place, answers: Any) -> Iterator[Problem]:
        if not isinstance(answers, dict) or self.questions is None:
            return
        for question in answers:
            if question not in self.questions:
                yield _unknown(marked, (*place, question), question, list(self.questions), "question")
                continue
            categories, at = self.questions[question]
            items = (item for _, item in categories.items(*at[:-1], "answers"))
            known = {str(item.get("slug")): None for item in items}
            yield from _lead_nowhere(marked, (*place, question), known, f"answer to '{question}'")

    def _refer(
        self, file: str, key: str, name: str, known: Mapping[str, Any] | None, what: str
    ) -> Iterator[Problem]:
        marked = self._files.get(file)
        if marked is None or known is None:
            return
        for place, _ in marked.items(key):
            yield from _lead_nowhere(marked, (*place, name), known, what)

    def _tools(self) -> Iterator[Problem]:
        marked = self._files.get("tools.yaml")
        if marked is None:
            return
        for place, item in marked.items("tools"):
            yield from self._tool(marked, place, item)

    def _tool(self, marked: Marked, place: Place, item: dict[str, Any]) -> Iterator[Problem]:
        department, role = item.get("department"), item.get("role")
        if role == "agent" and department is None:
            hint = "add 'department: …', the one that it acts for"
            yield marked.problem(place, f"agent '{item.get('user')}' has no department", hint)
        elif role != "agent" and department is not None:
            hint = "remove it, or make the role 'agent'"
            yield marked.problem((*place, "department"), f"a {role} has no department", hint)
        elif self.departments is not None:
            yield from _lead_nowhere(marked, (*place, "department"), self.departments, "department")
        yield from self._user(marked, place, item.get("user"))

    def _user(self, marked: Marked, place: Place, user: Any) -> Iterator[Problem]:
        # Users are the broker's, and all towns share it.
        slug = self._files["town.yaml"].at(("slug",)) if "town.yaml" in self._files else None
        if isinstance(user, str) and isinstance(slug, str) and not user.startswith(f"{slug}-"):
            message = f"user '{user}' could be another town's"
            yield marked.problem((*place, "user"), message, f"begin it with '{slug}-'")

    def _layer_files(self) -> Iterator[Problem]:
        if self.layers is None:
            return
        for name, marked in self._files.items():
            layer = name.removeprefix("areas/").removesuffix(".geojson")
            if name.startswith("areas/") and layer not in self.layers:
                hint = f"add it to competence.yaml, 'layers'; {did_you_mean(layer, list(self.layers))}"
                yield marked.problem((), f"no layer is called '{layer}'", hint)
        for layer, (marked, place) in self.layers.items():
            if f"areas/{layer}.geojson" not in self._files:
                yield marked.problem(place, f"layer '{layer}' has no areas", f"write areas/{layer}.geojson")
            if layer in self.areas:
                yield marked.problem(place, f"'{layer}' is an area too", "give the layer another name")

    def _reserved(self) -> Iterator[Problem]:
        if self.authorities and TOWN in self.authorities:
            marked, place = self.authorities[TOWN]
            yield marked.problem(place, f"'{TOWN}' means the town itself", "give the authority another slug")
        slug = self._files["town.yaml"].at(("slug",)) if "town.yaml" in self._files else None
        if slug == "vigie":
            hint = "users that begin with 'vigie-' are the services'"
            yield self._files["town.yaml"].problem(("slug",), "no town may be called 'vigie'", hint)


def _lead_nowhere(marked: Marked, place: Place, known: Mapping[str, Any], what: str) -> Iterator[Problem]:
    """The slug at a place, or those in its list, that are not known."""
    found = marked.at(place)
    listed = enumerate(found) if isinstance(found, list) else []
    slugs = [((*place, i), slug) for i, slug in listed] if isinstance(found, list) else [(place, found)]
    for here, slug in slugs:
        if isinstance(slug, str) and slug not in known:
            yield _unknown(marked, here, slug, list(known), what)


def _unknown(marked: Marked, place: Place, slug: str, known: list[str], what: str) -> Problem:
    return marked.problem(place, f"unknown {what} '{slug}'", did_you_mean(slug, known))
