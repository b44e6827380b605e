"""Whether what a town's files name exists, and is named once: checked on whatever could be read.

Where a list of names is itself wrong, nothing is said of what refers to it: that would be the same mistake.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from services.routing.domain.town import TOWN
from services.routing.townfiles.fieldkinds import PATH, SLUG
from services.routing.townfiles.marked import Marked, Mistake, Place, did_you_mean
from shared.contracts.kinds import ROLES
from shared.l10n.spoken import N_, words_of

_ = words_of("services.routing")

Files = Mapping[str, Marked]


class Named(dict[str, tuple[Marked, Place]]):
    """What is defined, by slug, and where; `sound` unless a name is missing, malformed or there twice."""

    sound = True

    def if_sound(self) -> Named | None:
        return self if self.sound else None


def check(files: Files, unreadable: Collection[str] = ()) -> Iterator[Mistake]:
    """Every reference that leads nowhere, every name given twice. `unreadable`: files told already."""
    yield from _Names(files, unreadable).mistakes()


class _Names:
    def __init__(self, files: Files, unreadable: Collection[str]) -> None:
        self._files = files
        self._unreadable = unreadable
        self._twice: list[Mistake] = []
        self.departments = self._named("departments.yaml", "departments", "slug", N_("department"))
        self.authorities = self._named("authorities.yaml", "authorities", "slug", N_("authority"))
        self.questions = self._named("categories.yaml", "questions", "slug", N_("question"))
        self.users = self._named("tools.yaml", "tools", "user", N_("user"))
        self.categories = self._categories()
        self.layers = self._layers()
        self.areas = self._areas()
        self.rules = self._rule_names()

    def mistakes(self) -> Iterator[Mistake]:
        yield from self._twice
        yield from self._competence()
        yield from self._dispatch()
        yield from self._refer("delays.yaml", "delays", "categories", self.categories, N_("category"))
        yield from self._refer("categories.yaml", "questions", "categories", self.categories, N_("category"))
        yield from self._tools()
        yield from self._layer_files()
        yield from self._reserved()

    def _named(self, file: str, key: str, name: str, what: str) -> Named | None:
        """None where the names are not all known: then nothing can be said of what refers to them."""
        marked = self._files.get(file)
        if marked is None or not _listed(marked, key):
            return None
        found = Named()
        for place, item in marked.items(key):
            self._note(found, item.get(name), marked, (*place, name), what)
        return found.if_sound()

    def _note(self, found: Named, name: Any, marked: Marked, place: Place, what: str) -> None:
        found.sound = (
            found.sound and isinstance(name, str) and bool(PATH.fullmatch(name)) and name not in found
        )
        if not isinstance(name, str):
            return
        if name in found:
            first, at = found[name]
            line = first.line(at)
            hint = _(
                "the first is at {file}:{line}; give one of them another name", file=first.file, line=line
            )
            message = _("{what} '{name}' is there twice", what=_(what), name=name)
            self._twice.append(marked.mistake(place, message, hint))
        found.setdefault(name, (marked, place))

    def _categories(self) -> Named | None:
        marked = self._files.get("categories.yaml")
        if marked is None or not _listed(marked, "categories"):
            return None
        found = Named()
        self._walk_categories(found, marked, ("categories",), "")
        return found.if_sound()

    def _walk_categories(self, found: Named, marked: Marked, place: Place, parent: str) -> None:
        for here, item in marked.items(*place):
            slug = item.get("slug")
            path = f"{parent}/{slug}" if parent else slug
            self._note(
                found, path if isinstance(slug, str) else None, marked, (*here, "slug"), N_("category")
            )
            if isinstance(path, str):
                self._check_depth(marked, here, path)
                self._walk_categories(found, marked, (*here, "children"), path)

    def _check_depth(self, marked: Marked, place: Place, path: str) -> None:
        if path.count("/") > 2:
            message = _("category '{path}' is too deep", path=path)
            mistake = marked.mistake(place, message, _("three levels at the most"))
            self._twice.append(mistake)

    def _layers(self) -> Named | None:
        marked = self._files.get("competence.yaml")
        layers = marked.at(("layers",)) if marked else None
        if marked is None or not isinstance(layers, dict) or set(layers) - {"inner", "town", "around"}:
            return None
        found = Named()
        places: list[Place] = [place for place, _ in marked.items("layers", "inner")]
        places += [("layers", key) for key in ("town", "around") if key == "town" or layers.get(key)]
        for place in places:
            self._note(found, marked.at((*place, N_("layer"))), marked, (*place, N_("layer")), N_("layer"))
        return found.if_sound()

    def _areas(self) -> Named | None:
        """The areas of all layers; None where one of them is missing or has areas without a name."""
        found = Named()
        for name in sorted(_file_of(layer) for layer in self.layers or ()):
            marked = self._files.get(name)
            if marked is None or not _listed(marked, "features"):
                found.sound = False
                continue
            for place, _ in marked.items("features"):
                here = (*place, "properties", "slug")
                self._note(found, marked.at(here), marked, here, N_("area"))
        return found.if_sound()

    def _rule_names(self) -> Named:
        found = Named()
        for file in ("competence.yaml", "rules.yaml"):
            if file in self._files:
                marked = self._files[file]
                for place, item in marked.items("rules"):
                    self._note(found, item.get("rule"), marked, (*place, N_("rule")), N_("rule"))
        return found

    def _places(self) -> Mapping[str, Any] | None:
        return None if self.layers is None or self.areas is None else self.layers | self.areas

    def _competence(self) -> Iterator[Mistake]:
        file = "competence.yaml"
        authorities = None if self.authorities is None else {TOWN: None, **self.authorities}
        yield from self._refer(file, "rules", "competent", authorities, N_("authority"))
        yield from self._refer(file, "rules", "areas", self._places(), N_("area or layer"))
        yield from self._refer(file, "rules", "categories", self.categories, N_("category"))

    def _dispatch(self) -> Iterator[Mistake]:
        file = "rules.yaml"
        yield from self._refer(file, "rules", "department", self.departments, N_("department"))
        yield from self._refer(file, "rules", "areas", self._places(), N_("area or layer"))
        yield from self._refer(file, "rules", "categories", self.categories, N_("category"))
        yield from self._refer(file, "rules", "sources", self._front_ends(), N_("front end"))
        if file in self._files:
            for place, item in self._files[file].items("rules"):
                yield from self._answers(self._files[file], (*place, "answers"), item.get("answers"))

    def _front_ends(self) -> dict[str, None] | None:
        if self.users is None:
            return None
        items = [item for _, item in self._files["tools.yaml"].items("tools")]
        if any(item.get("role") not in ROLES for item in items):
            return None
        return {item["user"]: None for item in items if item["role"] == "front_end"}

    def _answers(self, marked: Marked, place: Place, answers: Any) -> Iterator[Mistake]:
        if not isinstance(answers, dict) or self.questions is None:
            return
        for question in answers:
            if question not in self.questions:
                yield _unknown(marked, (*place, question), question, list(self.questions), N_("question"))
                continue
            categories, at = self.questions[question]
            items = (item for _, item in categories.items(*at[:-1], "answers"))
            known = {str(item.get("slug")): None for item in items}
            if "None" not in known:
                yield from _lead_nowhere(
                    marked, (*place, question), known, _("answer to '{question}'", question=question)
                )

    def _refer(
        self, file: str, key: str, name: str, known: Mapping[str, Any] | None, what: str
    ) -> Iterator[Mistake]:
        marked = self._files.get(file)
        if marked is None or known is None:
            return
        for place, _ in marked.items(key):
            yield from _lead_nowhere(marked, (*place, name), known, what)

    def _tools(self) -> Iterator[Mistake]:
        marked = self._files.get("tools.yaml")
        if marked is None:
            return
        for place, item in marked.items("tools"):
            yield from self._tool(marked, place, item)

    def _tool(self, marked: Marked, place: Place, item: dict[str, Any]) -> Iterator[Mistake]:
        department, role = item.get("department"), item.get("role")
        if role == "agent" and department is None:
            hint = _("add 'department: …', the one that it acts for")
            yield marked.mistake(place, _("agent '{user}' has no department", user=item.get("user")), hint)
        elif role != "agent" and role in ROLES and department is not None:
            hint = _("remove it, or make the role 'agent'")
            yield marked.mistake(
                (*place, N_("department")), _("role '{role}' has no department", role=role), hint
            )
        elif self.departments is not None:
            yield from _lead_nowhere(marked, (*place, N_("department")), self.departments, N_("department"))
        yield from self._user(marked, place, item.get("user"))

    def _user(self, marked: Marked, place: Place, user: Any) -> Iterator[Mistake]:
        # Users are the broker's, and all towns share it.
        slug = self._files["town.yaml"].at(("slug",)) if "town.yaml" in self._files else None
        if not isinstance(user, str) or not isinstance(slug, str) or not SLUG.fullmatch(slug):
            return
        if not user.startswith(f"{slug}-"):
            message = _("user '{user}' could be another town's", user=user)
            yield marked.mistake(
                (*place, N_("user")),
                message,
                _("begin it with '{slug}-', or take the slug back: a town's is for ever", slug=slug),
            )

    def _layer_files(self) -> Iterator[Mistake]:
        if self.layers is None:
            return
        strays = [
            name for name in self._files if name.startswith("areas/") and _layer_of(name) not in self.layers
        ]
        lacking = [layer for layer in self.layers if not self._has_file(layer)]
        for layer in lacking:
            marked, place = self.layers[layer]
            file = _file_of(layer)
            hint = _("write {file}", file=file)
            if strays:
                hint = _("write {file}, or rename {stray}", file=file, stray=strays[0])
            yield marked.mistake(place, _("layer '{layer}' has no areas", layer=layer), hint)
        for name in [] if lacking else strays:
            known = did_you_mean(_layer_of(name), list(self.layers))
            hint = _("add it to competence.yaml, 'layers', or remove the file; {known}", known=known)
            yield self._files[name].mistake(
                (), _("no layer is called '{layer}'", layer=_layer_of(name)), hint
            )
        for layer in (self.areas or {}).keys() & self.layers.keys():
            marked, place = self.layers[layer]
            message = _("'{layer}' is an area too", layer=layer)
            yield marked.mistake(place, message, _("give the layer another name"))

    def _has_file(self, layer: str) -> bool:
        return _file_of(layer) in self._files or _file_of(layer) in self._unreadable

    def _reserved(self) -> Iterator[Mistake]:
        if self.authorities and TOWN in self.authorities:
            marked, place = self.authorities[TOWN]
            message = _("'{slug}' means the town itself", slug=TOWN)
            yield marked.mistake(place, message, _("give the authority another slug"))
        slug = self._files["town.yaml"].at(("slug",)) if "town.yaml" in self._files else None
        if slug == "vigie":
            hint = _("users that begin with 'vigie-' are the services'")
            yield self._files["town.yaml"].mistake(("slug",), _("no town may be called 'vigie'"), hint)


def _listed(marked: Marked, key: str) -> bool:
    """Whether `key` holds entries. Questions may be left out, if nothing stands in their place."""
    found = marked.at((key,))
    if found is None and key == "questions":
        return isinstance(marked.data, dict) and set(marked.data) <= {"categories", key}
    return isinstance(found, list) and all(isinstance(item, dict) for item in found)


def _file_of(layer: str) -> str:
    return f"areas/{layer}.geojson"


def _layer_of(file: str) -> str:
    return file.removeprefix("areas/").removesuffix(".geojson")


def _lead_nowhere(marked: Marked, place: Place, known: Mapping[str, Any], what: str) -> Iterator[Mistake]:
    """The slug at a place, or those in its list, that are not known."""
    found = marked.at(place)
    listed = enumerate(found) if isinstance(found, list) else []
    slugs = [((*place, i), slug) for i, slug in listed] if isinstance(found, list) else [(place, found)]
    for here, slug in slugs:
        if isinstance(slug, str) and slug not in known:
            yield _unknown(marked, here, slug, list(known), what)


def _unknown(marked: Marked, place: Place, slug: str, known: list[str], what: str) -> Mistake:
    message = _("unknown {what} '{slug}'", what=_(what), slug=slug)
    return marked.mistake(place, message, did_you_mean(slug, known))
