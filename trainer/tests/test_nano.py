"""The bundled base model: its pictures, its words, its tokenizer, and what it can do."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageChops

from nano.dense import UNKNOWN, Pointer, scene_targets
from nano.painting import paint_thing
from nano.phrases import Talk, answer_box, converse, grounded
from nano.report import answers, first_box_iou, held_out_cases
from nano.scenes import HELD_OUT, Plan, draw_scene
from nano.shapes import COLOURS, SHAPES
from nano.words import COLOUR_ZH, FORBIDDEN, LINK, SHAPE_ZH
from refbox_trainer.model.load import LoadedModel, load_model
from refbox_trainer.model.template import TEMPLATES

FOLDER = Path(__file__).parent.parent / "nano" / "RefBox-Nano"
PLAN = Plan(fewest=1, most=7)
LARGEST_FOLDER = 24 * 1024 * 1024
FLOOR = 0.85
"""The best box that is the same for every picture is right in 0.04 of them (36 sizes tried, 300 scenes)."""


@pytest.fixture(scope="module")
def nano() -> LoadedModel:
    return load_model(FOLDER)


def test_the_same_seed_draws_the_same_picture_and_boxes() -> None:
    first, second = (draw_scene(np.random.default_rng([3, 1]), PLAN) for _ in range(2))
    other = draw_scene(np.random.default_rng([3, 2]), PLAN)
    assert first.things == second.things
    assert first.picture.tobytes() == second.picture.tobytes()
    assert first.things != other.things


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("fill", ["filled", "outlined", "striped"])
def test_the_box_of_a_thing_is_the_box_of_its_pixels(shape: str, fill: str) -> None:
    blank = Image.new("RGB", (160, 140), (255, 255, 255))
    canvas = blank.copy()
    thing = paint_thing(np.random.default_rng(5), canvas, shape, "blue", fill, (40, 30), (70, 60), dark=False)
    assert thing.box == ImageChops.difference(blank, canvas).getbbox()


def test_things_lie_inside_the_picture_and_held_out_pairs_are_not_drawn() -> None:
    for number in range(150):
        scene = draw_scene(np.random.default_rng([7, number]), PLAN)
        width, height = scene.picture.size
        for thing in scene.things:
            x1, y1, x2, y2 = thing.box
            assert 0 <= x1 < x2 <= width and 0 <= y1 < y2 <= height
            assert (thing.colour, thing.shape) not in HELD_OUT


def test_every_thing_owns_a_patch_of_the_dense_loss() -> None:
    for number in range(100):
        scene = draw_scene(np.random.default_rng([8, number]), Plan(fewest=1, most=2))
        owners = set(np.unique(scene_targets(scene).owner_PP)) - {-1}
        assert owners >= set(range(len(scene.things)))


def test_connectors_are_boxed_by_their_pixels_and_have_no_name() -> None:
    several = 0
    for number in range(60):
        plan = Plan(fewest=2, most=7, diagrams=1.0, ranked=number % 2)
        scene = draw_scene(np.random.default_rng([11, number]), plan)
        targets = scene_targets(scene)
        things = len(scene.things)
        assert len(targets.boxes_n4) == things + len(scene.connectors)
        assert (targets.classes_n3[things:] == UNKNOWN).all()
        assert (targets.classes_n3[:things, 0] != UNKNOWN).all()
        for connector in scene.connectors:
            assert connector.mask.size == scene.picture.size
            rows, columns = np.nonzero(np.asarray(connector.mask))
            assert connector.box == (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        several += len(scene.connectors) > 1
    assert several > 20


def test_links_are_asked_for_by_their_own_name_and_answered_with_their_boxes() -> None:
    every, single = 0, 0
    for number in range(80):
        rng = np.random.default_rng([12, number])
        scene = draw_scene(rng, Plan(fewest=3, most=7, diagrams=1.0, ranked=0.7))
        for asked in converse(rng, scene, most=3, talk=Talk(detections=0.0, links=1.0)):
            (expression,) = asked.expressions
            if not scene.connectors:
                continue
            assert LINK[expression.language] in expression.phrase
            assert all(target >= len(scene.things) for target in expression.targets)
            every += len(expression.targets) == len(scene.connectors) > 1
            single += len(expression.targets) == 1 < len(scene.connectors)
            assert grounded(scene, expression) in asked.answer
    assert every > 20 and single > 5


def test_a_link_that_holds_no_patch_teaches_the_pointer_nothing() -> None:
    pointer = Pointer(8)
    asking, tokens = torch.randn(2, 8), torch.randn(2, 4, 8)
    covered = torch.tensor([[False, True, False, False], [False] * 4])
    both, _ = pointer(asking, tokens, covered)
    alone, _ = pointer(asking[:1], tokens[:1], covered[:1])
    assert both.item() == pytest.approx(alone.item(), rel=1e-5)
    nothing, _ = pointer(asking[1:], tokens[1:], covered[1:])
    assert nothing == 0


def test_flowchart_words_are_left_to_the_fine_tune() -> None:
    for number in range(300):
        rng = np.random.default_rng([9, number])
        for asked in converse(rng, draw_scene(rng, PLAN), most=4, talk=Talk(links=0.2)):
            for expression in asked.expressions:
                assert not [word for word in FORBIDDEN if word in expression.phrase]


def test_a_phrase_with_an_article_means_one_thing_and_boxes_come_in_reading_order() -> None:
    several = 0
    for number in range(300):
        rng = np.random.default_rng([10, number])
        scene = draw_scene(rng, PLAN)
        for asked in converse(rng, scene, most=4, talk=Talk()):
            for expression in asked.expressions:
                if expression.language == "en" and expression.phrase.startswith("the "):
                    assert len(expression.targets) <= 1
                boxes = [answer_box(scene, i) for i in expression.targets]
                assert boxes == sorted(boxes, key=lambda box: (box[1], box[0]))
                several += len(boxes) > 1
                if boxes:
                    assert grounded(scene, expression) in asked.answer
    assert several > 20


def test_every_shape_and_colour_has_a_chinese_word() -> None:
    assert set(SHAPE_ZH) == set(SHAPES)
    assert set(COLOUR_ZH) == set(COLOURS)


def test_digits_are_single_tokens(nano: LoadedModel) -> None:
    ids = nano.tokenizer.encode("[[12, 345, 678, 1000]]")
    digits = {nano.tokenizer.encode(digit)[0] for digit in "0123456789"}
    assert len(digits) == 10
    assert sum(number in digits for number in ids) == len("123456781000")


@pytest.mark.parametrize(
    "text",
    [
        "the topmost decision",
        "判断框，数据",
        "<ref>红色五角星</ref><box>[[1, 2, 30, 400]]</box><|im_end|>",
        "naïve café 🙂\n\n```\n",
    ],
)
def test_any_text_survives_the_tokenizer(nano: LoadedModel, text: str) -> None:
    assert nano.tokenizer.decode(nano.tokenizer.encode(text), skip_special_tokens=False) == text


def test_special_tokens_come_last_and_the_system_prompt_is_short(nano: LoadedModel) -> None:
    vocabulary = nano.tokenizer.get_vocab()
    special = [
        "<|endoftext|>",
        "<|im_start|>",
        "<|im_end|>",
        "<img>",
        "</img>",
        "<IMG_CONTEXT>",
        "<quad>",
        "</quad>",
        "<ref>",
        "</ref>",
        "<box>",
        "</box>",
    ]
    size = len(nano.tokenizer)
    assert [vocabulary[token] for token in special] == list(range(size - len(special), size))
    assert len(nano.tokenizer.encode(TEMPLATES["Hermes-2"].system_prompt)) <= 16


def test_the_folder_is_small_enough_for_a_repository() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= LARGEST_FOLDER


def test_single_things_are_found_in_pictures_of_a_held_out_seed(nano: LoadedModel) -> None:
    cases = held_out_cases(40, Plan(fewest=1, most=1))
    found = [
        first_box_iou(text, case) >= 0.5
        for text, case in zip(answers(nano.model, nano.tokenizer, cases), cases, strict=True)
    ]
    assert np.mean(found) >= FLOOR, f"{sum(found)} of {len(found)} found"
