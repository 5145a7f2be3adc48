"""`python -m tests.table.show`: the shared data as a table in Markdown: file class → opens, geometry, pixels; every "no"."""

from __future__ import annotations

from collections import Counter

from tests.data import truth
from tests.table.reading import File, decoder, manifest, read
from tests.table.test_every_file import KINDS_THERE, OTHER_COUNT, OTHER_VALUES, alike

HEAD = (
    "place",
    "class",
    "files",
    "open",
    "listed with a reason",
    "refused with a reason",
    "pixels as two readers",
    "not compared",
)


def values_of(path: str, file: File) -> Counter[str]:
    """How many pictures of a file are as the readers found them, are not, or were not read by two."""
    told = truth()["files"].get(path, {})
    rows = {row["i"]: row for row in told.get("per_frame", ())}
    found: Counter[str] = Counter()
    for picture in file.shown:
        row = rows.get(picture.number - 1)
        if row is None:
            found["not compared"] += 1
        else:
            found["equal" if alike(picture, row, told) else "other"] += 1
    return found


def rows() -> list[tuple[str, ...]]:
    """One row for each place and class of files."""
    table: list[tuple[str, ...]] = []
    for place in sorted(manifest()):
        files = read(place).files
        classes = Counter(row["expect_kind"] for row in manifest()[place].values())
        for kind, count in classes.items():
            mine = {path: files[path] for path, row in manifest()[place].items() if row["expect_kind"] == kind}
            values = sum((values_of(f"{place}/{path}", file) for path, file in mine.items()), Counter[str]())
            compared = values["equal"] + values["other"]
            table.append(
                (
                    place.removeprefix("discs/"),
                    kind,
                    str(count),
                    str(sum(bool(file.shown) for file in mine.values())),
                    str(sum(bool(file.listed) for file in mine.values())),
                    str(sum(bool(file.pictures) and not file.shown for file in mine.values())),
                    f"{values['equal']} of {compared}" if compared else "",
                    str(values["not compared"] or ""),
                )
            )
    return table


def main() -> None:
    """Print the table and the reasons."""
    for row in (HEAD, ("---",) * len(HEAD), *rows()):
        print("| " + " | ".join(row) + " |")
    print("\nEvery “no”:\n")
    for path, reason in OTHER_VALUES.items():
        print(f"- `{path}`: {reason}")
    for path, (count, reason) in OTHER_COUNT.items():
        print(f"- `{path}`: {count} pictures: {reason}")
    for (place, kind), (there, reason) in KINDS_THERE.items():
        print(f"- `{place}`, class {kind}, also {', '.join(sorted(there))}: {reason}")
    decoder().close()


if __name__ == "__main__":
    main()
