"""Pictures of real files: the same grey levels as another program reading the same file."""

from __future__ import annotations

import numpy as np
import pydicom
import pytest

from tests.data import shared_data
from tests.picture.judge import read_picture, windowed
from tests.picture.png import read_png
from tests.picture.slices import make_slice
from viewer.answer.picture_size import send_size
from viewer.dicom.header import FileWindow
from viewer.picture.look import Look, Window
from viewer.picture.png import encode_png
from viewer.picture.render import natural_size, render
from viewer.picture.window import default_window

FILES = [
    "discs/01-lumbar-spine-mr/PT000000/ST000000/SE000001/IM000018",
    "discs/01-lumbar-spine-mr/PT000000/ST000000/SE000002/IM000004",
]


@pytest.mark.parametrize("name", FILES)
def test_a_real_picture_shows_the_levels_another_program_gives(name: str) -> None:
    path = shared_data(*name.split("/"))
    facts = pydicom.dcmread(path, stop_before_pixels=True)
    values = read_picture(str(path))[0]
    centre, width = float(facts.WindowCenter), float(facts.WindowWidth)
    slice_ = make_slice(
        values, windows=(FileWindow(centre, width),), pixel_mm=tuple(float(mm) for mm in facts.PixelSpacing)
    )  # fmt: skip
    window = default_window(slice_, facts.Modality)
    assert window == Window(centre, width, origin="file")
    picture = render(slice_, Look())
    half = (width - 1) / 2
    judge = windowed(values, centre - 0.5 - half, centre - 0.5 + half)
    assert np.abs(picture.pixels - judge).max() <= 0.5 + 1e-6
    sent = render(slice_, Look(), size=send_size(*natural_size(slice_), "standard"))
    factor = sent.pixels.shape[0] // picture.pixels.shape[0]
    assert factor > 1
    assert (sent.pixels[::factor, ::factor] == picture.pixels).all()
    assert (read_png(encode_png(sent.pixels)) == sent.pixels).all()
