"""Charts that the bundled base is taught with: boxes, mirrors, words, and the part that is kept back."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from nano.batches import Pictures, tile_of
from nano.charts import Charts, open_charts, shrink
from nano.dense import scene_targets
from nano.phrases import Talk, answer_box, converse
from nano.report import chart_cases
from nano.scenes import Plan
from nano.words import FORBIDDEN

WIDTH, HEIGHT = 400, 800
UPPER, LOWER, LINK = [40, 40, 200, 140], [200, 600, 380, 720], [110, 140, 300, 600]


def _record(picture: str, shape: str = "rectangle") -> dict[str, object]:
    """Two blocks with a link from the upper one straight down and then across."""
    return {
        "picture": picture,
        "width": WIDTH,
        "height": HEIGHT,
        "filled": False,
        "things": [{"node": 0, "shape": shape, "box": UPPER}, {"node": 1, "shape": "rhombus", "box": LOWER}],
        "links": [{"from": 0, "to": 1, "box": LINK, "paths": [[[112, 140], [112, 580], [298, 580], [298, 600]]]}],
        "phrases": [
            {"language": "en", "kind": "place", "text": "the leftmost rectangle", "box": UPPER},
            {"language": "zh", "kind": "place", "text": "最右侧的菱形", "box": LOWER},
            {"language": "en", "kind": "after", "text": "the rhombus after 'data'", "box": LOWER},
            {"language": "en", "kind": "words", "text": "the rhombus that says 'Paid?'", "box": LOWER},
        ],
    }


@pytest.fixture
def charts(tmp_path: Path) -> Charts:
    page = Image.new("RGB", (WIDTH, HEIGHT), "white")
    ImageDraw.Draw(page).rectangle((40, 40, 199, 139), fill="black")
    page.save(tmp_path / "page.png")
    records = [_record("page.png", "parallelogram" if number == 1 else "rectangle") for number in range(40)]
    (tmp_path / "charts.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    shrink(tmp_path)
    return open_charts(tmp_path)


def test_a_chart_keeps_its_boxes_and_its_pixels_in_a_mirror(charts: Charts) -> None:
    plain, mirrored = charts.scene(0), charts.scene(0, mirrored=True)
    assert plain.boxes[0] == tuple(UPPER)
    assert mirrored.boxes[0] == (WIDTH - 200, 40, WIDTH - 40, 140)
    assert answer_box(plain, 0) == (100, 50, 500, 175)
    for scene in (plain, mirrored):
        x1, y1, x2, y2 = (round(value * 192 / 1000) for value in answer_box(scene, 0))
        assert tile_of(scene)[y1 + 1 : y2 - 1, x1 + 1 : x2 - 1].max() < 60
        assert (tile_of(scene) < 128).any(axis=2).sum() == pytest.approx((x2 - x1) * (y2 - y1), rel=0.1)


def test_sides_change_their_names_in_a_mirror_and_unreadable_words_are_not_asked_for(charts: Charts) -> None:
    plain = [(one.phrase, one.thing) for one in charts.scene(0).said]
    mirrored = [(one.phrase, one.thing) for one in charts.scene(0, mirrored=True).said]
    assert plain == [("the leftmost rectangle", 0), ("最右侧的菱形", 1), ("the rhombus after 'data'", 1)]
    assert mirrored == [("the rightmost rectangle", 0), ("最左侧的菱形", 1), ("the rhombus after 'data'", 1)]


def test_slanted_shapes_are_not_mirrored(charts: Charts) -> None:
    assert charts.scene(1, mirrored=True).boxes == charts.scene(1).boxes


def test_a_link_owns_the_patches_it_runs_through(charts: Charts) -> None:
    for mirrored in (False, True):
        targets = scene_targets(charts.scene(0, mirrored=mirrored))
        owner = targets.owner_PP[:, ::-1] if mirrored else targets.owner_PP
        assert owner[5, 3] == 2, "the way down"
        assert owner[5, 6] == -1, "inside its box, but beside its line"


def test_words_left_to_the_fine_tune_are_never_asked_about_a_chart(charts: Charts) -> None:
    phrases = set()
    for number in range(60):
        rng = np.random.default_rng([4, number])
        for asked in converse(rng, charts.draw(rng), most=6, talk=Talk(links=0.3)):
            phrases |= {expression.phrase for expression in asked.expressions}
    assert not [phrase for phrase in phrases if any(word in phrase for word in FORBIDDEN)]
    assert {"link", "rhombus", "the leftmost rectangle"} <= phrases


def test_the_last_charts_are_kept_for_the_report(charts: Charts) -> None:
    assert charts.taught == 38
    (charts.folder / "charts.jsonl").write_text(
        "".join(json.dumps(_record("page.png", "drum" if number >= 38 else "rectangle")) + "\n" for number in range(40))
    )
    marked = open_charts(charts.folder)
    pictures = Pictures(count=1, plan=Plan(fewest=1, most=1), charts=marked, chart_share=1.0)
    drawn = [pictures.draw(np.random.default_rng(number)) for number in range(200)]
    assert all(scene.things[0].shape == "rectangle" for scene in drawn)
    assert {case.scene.things[0].shape for case in chart_cases(marked, 10, links=True)} == {"drum"}


def test_what_is_missing_is_said_with_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"draw-nano-charts\.ts"):
        open_charts(tmp_path)
    (tmp_path / "charts.jsonl").write_text("")
    with pytest.raises(FileNotFoundError, match=r"nano\.charts"):
        open_charts(tmp_path)
