"""`sidelight render PATH --series ID …`: one slice as PNG, as float32 values, or its place as JSON."""

from __future__ import annotations

import argparse
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from viewer.commands.numbers import counted, finite, whole
from viewer.commands.say import Sessions, check_names, check_places, print_json, problem_row, write_file
from viewer.geometry.plane import Plane
from viewer.index.model import Series
from viewer.picture.look import Look, Window
from viewer.picture.npy import npy_bytes
from viewer.picture.png import encode_png
from viewer.picture.presets import preset_rows, presets_for
from viewer.picture.render import MAX_EDGE, render
from viewer.picture.window import automatic_window
from viewer.problem import ProblemError, problem
from viewer.text.translate import tr
from viewer.usecases.looking import first_group, point_at
from viewer.usecases.loop import Loop
from viewer.usecases.session import Session
from viewer.volume.slice import Slice, Source

ACROSS = {
    Plane.AXIAL: (Plane.SAGITTAL, Plane.CORONAL),
    Plane.CORONAL: (Plane.SAGITTAL, Plane.AXIAL),
    Plane.SAGITTAL: (Plane.CORONAL, Plane.AXIAL),
}
AXIS = {Plane.SAGITTAL: 0, Plane.CORONAL: 1, Plane.AXIAL: 2}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("path", help="folder, ZIP or file")
    add_slice_arguments(parser)
    brightness = parser.add_mutually_exclusive_group()
    brightness.add_argument(
        "--window", nargs=2, type=finite, metavar=("CENTRE", "WIDTH"), help="in the values' own unit"
    )
    brightness.add_argument("--preset", metavar="NAME", help="name of a preset, or 'automatic'")
    parser.add_argument("--size", nargs=2, type=counted, metavar=("WIDTH", "HEIGHT"), help="fit into this many pixels")
    parser.add_argument("-o", "--output", metavar="PNG", help="write the picture")
    parser.add_argument(
        "--values", metavar="NPY", help="modality values as float32, of a stored 0 where there is nothing"
    )
    parser.add_argument("--json", action="store_true", help="print affine, spacing and window")


def add_slice_arguments(parser: argparse.ArgumentParser) -> None:
    """Which slice: shared with `ask`."""
    parser.add_argument("--series", required=True, metavar="ID", help="from `sidelight index`")
    parser.add_argument(
        "--group", type=whole, metavar="N",
        help="time, echo or b-value, from 0; without it the first, and native pictures are counted through all of them",
    )  # fmt: skip
    parser.add_argument(
        "--plane", choices=[plane.value for plane in Plane], default="native", help="direction; native: as stored"
    )
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--index", type=whole, metavar="N", help="slice, from 0; the middle one if left out")
    place.add_argument(
        "--mm", type=finite, metavar="X", help="position along the body's axis instead: mm to the left, back or head"
    )
    parser.add_argument("--password", metavar="WORD", help="of a locked ZIP")


def open_series(options: argparse.Namespace, session: Session, loop: Loop) -> tuple[Series, Source]:
    """Read the path and find the series; raises ProblemError."""
    loop.result(session.open_path(options.path, options.password))
    disc = session.store.state.disc
    series = disc.series(options.series) if disc else None
    if series is None:
        raise ProblemError(problem("no_such_series", series=options.series))
    group = chosen_group(options, series)
    if not series.frames or not 0 <= group < len(series.groups):
        raise ProblemError(problem("series_without_pictures", series=options.series))
    if options.group is None and options.plane != Plane.NATIVE.value:
        group = first_group(series, lambda number: session.source(series.id, number))
    return series, session.source(series.id, group)


def chosen_group(options: argparse.Namespace, series: Series) -> int:
    """The group the options name; without a name the one that native picture `--index` of the whole set lies in."""
    if options.group is not None or options.plane != Plane.NATIVE.value or options.index is None:
        return int(options.group or 0)
    ends = list(accumulate(len(group.frames) for group in series.groups))
    return bisect_right(ends, options.index) if ends and 0 <= options.index < ends[-1] else 0


def pictures_before(options: argparse.Namespace, source: Source, plane: Plane) -> int:
    """Native pictures of the groups before the chosen one where pictures are counted through the whole set."""
    if options.group is not None or plane is not Plane.NATIVE:
        return 0
    return sum(len(group.frames) for group in source.series.groups[: source.group])


def chosen_index(options: argparse.Namespace, series: Series, source: Source, plane: Plane) -> int:
    """The slice number the options mean; raises ProblemError when there is none."""
    if plane not in source.planes:
        reason = next((why for blocked, why in series.blocked if blocked is plane), None)
        raise ProblemError(reason or problem("plane_not_offered"))
    if options.mm is not None:
        return nearest_mm(source, plane, options.mm, series)
    count = source.count(plane)
    index = count // 2 if options.index is None else options.index - pictures_before(options, source, plane)
    if not 0 <= index < count:
        through_all = options.group is None and plane is Plane.NATIVE
        known = len(series.frames) if through_all else count
        raise ProblemError(problem("no_such_picture", count=known, last=known - 1))
    return int(index)


def nearest_mm(source: Source, plane: Plane, mm: float, series: Series) -> int:
    """The slice whose middle lies nearest to `mm` along the plane's axis; raises ProblemError far outside."""
    columns, rows = plane_size(source, plane, series)
    affines = [source.to_voxel(plane, index) for index in range(source.count(plane))]
    known = [affine for affine in affines if affine is not None]
    if not known or len(known) < len(affines):
        raise ProblemError(problem("place_unknown"))
    axis = AXIS.get(plane, int(np.argmax(np.abs(np.cross(known[0][:3, 0], known[0][:3, 1])))))
    places = np.array([point_at(affine, (columns - 1) / 2, (rows - 1) / 2)[axis] for affine in known])
    step = float(np.abs(np.diff(places)).max()) if len(places) > 1 else series.frames[0].facts.thickness_mm or 1.0
    if not places.min() - step <= mm <= places.max() + step:
        raise ProblemError(problem("no_picture_there", low=f"{places.min():.1f}", high=f"{places.max():.1f}"))
    return int(np.argmin(np.abs(places - mm)))


def plane_size(source: Source, plane: Plane, series: Series) -> tuple[int, int]:
    """(columns, rows) of the slices of a plane, without reading one: as many as there are slices across."""
    if plane is Plane.NATIVE:
        return series.columns, series.rows
    across, down = ACROSS[plane]
    return source.count(across), source.count(down)


def window_of(options: argparse.Namespace, session: Session, source: Source, slice_: Slice) -> Window | None:
    """The window the options mean, or the one the program starts with."""
    if slice_.is_colour:
        return None
    if options.window:
        centre, width = options.window
        if not width > 0:
            raise ProblemError(problem("window_width_not_positive"))
        return Window(centre, width, origin="person")
    if options.preset is not None:
        return preset_window(options.preset, presets_for(source.series, slice_), slice_)
    return session.window_of(source, slice_)


def preset_window(wanted: str, offered: Sequence[Window], slice_: Slice) -> Window | None:
    """The window of this name, however its words are joined, or the one whose short name in the table it is."""
    name = plainly(wanted)
    if name in ("auto", "automatic"):
        return automatic_window(slice_)
    full = next((plainly(tr(row.name)) for row in preset_rows() if plainly(row.id) == name), name)
    for window in offered:
        if plainly(window.name) in (name, full):
            return window
    names = ", ".join(f"“{window.name}”" for window in offered) or "“automatic”"
    raise ProblemError(problem("no_such_preset", names=names))


def plainly(name: str) -> str:
    """A name as one types it: small letters, words apart by one blank."""
    return " ".join(name.casefold().replace("-", " ").replace("_", " ").split())


def run(options: argparse.Namespace, sessions: Sessions) -> int:
    """Write what was asked for."""
    check_names(options.output, options.values, "-" if options.json else None)
    if not (options.output or options.values or options.json):
        raise ProblemError(problem("nothing_to_write"))
    if options.size and not all(1 <= edge <= MAX_EDGE for edge in options.size):
        raise ProblemError(problem("size_not_possible", most=MAX_EDGE))
    loop = Loop()
    session = sessions(loop)
    try:
        series, source = open_series(options, session, loop)
        check_places(session, options.output, options.values)
        plane = Plane(options.plane)
        slice_ = source.slice(plane, chosen_index(options, series, source, plane))
        window = window_of(options, session, source, slice_)
        if options.output:
            size = tuple(options.size) if options.size else None
            picture = render(slice_, Look(), window, size, fills=True)
            write_file(options.output, encode_png(picture.pixels))
        if options.values:
            native = plane is Plane.NATIVE
            values = session.stored_values(source, slice_.index) if native else slice_.modality_values()
            write_file(options.values, npy_bytes(values))
        if options.json:
            print_json(slice_row(slice_, window, source.group))
    finally:
        session.close()
    return 0


def slice_row(slice_: Slice, window: Window | None, group: int) -> dict[str, object]:
    """Place, spacing and window of a slice as JSON; affine maps (column, row, 0, 1) to LPS mm. `index` and `count` are
    those within the group."""
    return {
        "series": slice_.series_id,
        "group": group,
        "plane": slice_.plane.value,
        "index": slice_.index,
        "count": slice_.count,
        "rows": slice_.values.shape[0],
        "columns": slice_.values.shape[1],
        "affine": None if slice_.affine is None else slice_.affine.tolist(),
        "spacing_mm": None if slice_.pixel_mm is None else list(slice_.pixel_mm),
        "unit": slice_.unit,
        "window": None
        if window is None
        else {"centre": window.centre, "width": window.width, "function": window.function.value, "name": window.name},
        "problems": [problem_row(one) for one in slice_.problems],
    }
