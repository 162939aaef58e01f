"""From a scene to questions and answers: phrases that are true of exactly the boxes they are answered with.

"the ..." is used only where the description fits one thing; a bare noun phrase ("red star") stands for all that fit,
and is answered with all boxes in reading order. Chinese has no article, so there a phrase simply owns all the boxes
it fits.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .backdrops import Box
from .painting import Thing
from .scenes import Scene
from .shapes import BLOCKS, COLOURS, ICONS, SHAPES
from .words import CHARACTERS_ZH, COLOUR_ZH, FILL_ZH, FORBIDDEN, LINK, NAMES_EN, SHAPE_ZH, THING, Language

REFER = {
    "en": "Please provide the bounding box coordinate of the region this sentence describes: <ref>{}</ref>",
    "zh": "请提供以下描述所对应区域的边界框坐标：<ref>{}</ref>",
}
ABSENT = {"en": "There is no <ref>{}</ref> in this image.", "zh": "图中没有<ref>{}</ref>。"}
DETECT = {
    "en": "Please detect and label all objects in the following image and mark their positions.",
    "zh": "请检测并标注下图中的所有物体，并标出它们的位置。",
}
DETECTED = {
    "en": "Sure, I will detect and label all objects in the image and mark their positions.",
    "zh": "好的，我将检测并标注图中的所有物体，并标出它们的位置。",
}


@dataclass(frozen=True)
class Expression:
    """A phrase and the numbers (as in `Scene.boxes`) of what it fits; none for a phrase about something absent."""

    language: Language
    phrase: str
    targets: tuple[int, ...]


@dataclass(frozen=True)
class Round:
    """One question with its answer. `expressions` are in the order in which the answer lists them."""

    question: str
    answer: str
    expressions: tuple[Expression, ...]


def per_mille(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    """Pixel box to integers 0..1000 as InternVL writes them: Python's round-half-to-even on doubles."""
    x1, y1, x2, y2 = box
    return round(x1 / width * 1000), round(y1 / height * 1000), round(x2 / width * 1000), round(y2 / height * 1000)


def answer_box(scene: Scene, number: int) -> tuple[int, int, int, int]:
    """The box of a thing or link as an answer writes it."""
    return per_mille(scene.boxes[number], *scene.size)


def reading_order(scene: Scene, indices: Sequence[int]) -> tuple[int, ...]:
    """Top to bottom, then left to right, by the rounded upper left corner."""
    boxes = {i: answer_box(scene, i) for i in indices}
    return tuple(sorted(indices, key=lambda i: (boxes[i][1], boxes[i][0])))


def grounded(scene: Scene, expression: Expression) -> str:
    """`<ref>phrase</ref><box>[[x1, y1, x2, y2], ...]</box>`."""
    boxes = [list(answer_box(scene, i)) for i in expression.targets]
    return f"<ref>{expression.phrase}</ref><box>{boxes}</box>"


def ask(scene: Scene, expression: Expression) -> Round:
    """A referring question and its answer."""
    language = expression.language
    answer = grounded(scene, expression) if expression.targets else ABSENT[language].format(expression.phrase)
    return Round(REFER[language].format(expression.phrase), answer, (expression,))


def detect(scene: Scene, language: Language) -> Round:
    """The question for everything in the picture: one line for each kind, by reading order of its first thing."""
    kinds: dict[str, list[int]] = {}
    for index in reading_order(scene, range(len(scene.things))):
        kinds.setdefault(scene.things[index].shape, []).append(index)
    expressions = tuple(
        Expression(language, kind if language == "en" else SHAPE_ZH[kind], tuple(members))
        for kind, members in kinds.items()
    )
    lines = "".join(grounded(scene, expression) + "\n" for expression in expressions)
    return Round(DETECT[language], f"{DETECTED[language]}\n\n```\n{lines}```\n", expressions)


@dataclass(frozen=True)
class Talk:
    """What is asked about pictures, as shares."""

    detections: float = 0.1
    """Of conversations: the one question for everything in the picture."""
    absent: float = 0.07
    """Of questions: about something that is not there."""
    links: float = 0.0
    """Of questions about pictures with links: about these."""
    said: float = 0.3
    """Of questions about pictures that came with phrases: one of these."""


def converse(rng: np.random.Generator, scene: Scene, most: int, talk: Talk) -> tuple[Round, ...]:
    """Up to `most` different questions about one picture, or the one question for everything in it."""
    language: Language = "zh" if rng.random() < 0.35 else "en"
    if rng.random() < talk.detections and scene.things:
        return (detect(scene, language),)
    rounds: dict[str, Round] = {}
    for _ in range(most * 2):
        if len(rounds) == most:
            break
        expression = draw_expression(rng, scene, language, talk)
        if expression is not None and not any(word in expression.phrase for word in FORBIDDEN):
            rounds.setdefault(expression.phrase, ask(scene, expression))
    return tuple(rounds.values())


def draw_expression(rng: np.random.Generator, scene: Scene, language: Language, talk: Talk) -> Expression | None:
    """One phrase; None where the drawn kind of phrase does not fit the scene."""
    if scene.connectors and talk.links and rng.random() < talk.links:
        return _links(rng, scene, language)
    if not scene.things or rng.random() < talk.absent:
        return _absent(rng, scene, language)
    said = [one for one in scene.said if one.language == language]
    if said and rng.random() < talk.said:
        one = said[int(rng.integers(0, len(said)))]
        return Expression(language, one.phrase, (one.thing,))
    target = int(rng.integers(0, len(scene.things)))
    kinds: list[tuple[float, Callable[[], str | None]]] = [
        (0.6, lambda: _by_looks(rng, scene, target, language)),
        (0.14, lambda: _by_place(rng, scene, target, language)),
        (0.14, lambda: _by_neighbour(rng, scene, target, language)),
        (0.12, lambda: _by_rank(rng, scene, target, language)),
    ]
    weights = np.array([weight for weight, _ in kinds])
    phrase = kinds[int(rng.choice(len(kinds), p=weights / weights.sum()))][1]()
    if phrase is not None:
        return Expression(language, _named(rng, phrase, language, "the "), (target,))
    return _class(rng, scene, target, language)


def describe(language: Language, *, shape: str | None, colour: str | None, fill: str | None) -> str:
    """Fill, colour and shape in the order each language puts them, without an article."""
    if language == "en":
        return " ".join(word for word in (fill, colour, shape or THING["en"]) if word)
    return (
        (FILL_ZH[fill] if fill else "")
        + (COLOUR_ZH[colour] if colour else "")
        + (SHAPE_ZH[shape] if shape else THING["zh"])
    )


def _fitting(scene: Scene, shape: str | None, colour: str | None, fill: str | None) -> list[int]:
    """Things that may be called so. One without a certain colour fits any colour word: it makes phrases ambiguous."""
    return [
        i
        for i, t in enumerate(scene.things)
        if (shape is None or t.shape == shape)
        and (colour is None or t.colour in (colour, None))
        and (fill is None or t.fill == fill)
    ]


def _looks(rng: np.random.Generator, thing: Thing) -> tuple[str | None, str | None, str | None]:
    colour = thing.colour if rng.random() < 0.6 else None
    shape = None if colour is not None and rng.random() < 0.12 else thing.shape
    fill = thing.fill if rng.random() < (0.3 if thing.fill != "filled" else 0.05) else None
    return shape, colour, fill


def _by_looks(rng: np.random.Generator, scene: Scene, target: int, language: Language) -> str | None:
    shape, colour, fill = _looks(rng, scene.things[target])
    if _fitting(scene, shape, colour, fill) != [target]:
        return None
    noun = describe(language, shape=shape, colour=colour, fill=fill)
    return f"the {noun}" if language == "en" else noun


def _class(rng: np.random.Generator, scene: Scene, target: int, language: Language) -> Expression:
    thing = scene.things[target]
    colour = thing.colour if rng.random() < 0.35 else None
    fits = _fitting(scene, thing.shape, colour, None)
    if any(scene.things[i].colour is None for i in fits):
        colour, fits = None, _fitting(scene, thing.shape, None, None)
    phrase = describe(language, shape=thing.shape, colour=colour, fill=None)
    return Expression(language, _named(rng, phrase, language, ""), reading_order(scene, fits))


_SIDES = (
    ("on the left", "左边的", lambda x, y: x < 0.33),
    ("on the right", "右边的", lambda x, y: x > 0.67),
    ("at the top", "上方的", lambda x, y: y < 0.33),
    ("at the bottom", "下方的", lambda x, y: y > 0.67),
    ("in the middle", "中间的", lambda x, y: abs(x - 0.5) < 0.17 and abs(y - 0.5) < 0.17),
    ("in the top left corner", "左上角的", lambda x, y: x < 0.36 and y < 0.36),
    ("in the top right corner", "右上角的", lambda x, y: x > 0.64 and y < 0.36),
    ("in the bottom left corner", "左下角的", lambda x, y: x < 0.36 and y > 0.64),
    ("in the bottom right corner", "右下角的", lambda x, y: x > 0.64 and y > 0.64),
)


def _middle(scene: Scene, index: int) -> tuple[float, float]:
    x1, y1, x2, y2 = scene.things[index].box
    return (x1 + x2) / 2 / scene.size[0], (y1 + y2) / 2 / scene.size[1]


def _by_place(rng: np.random.Generator, scene: Scene, target: int, language: Language) -> str | None:
    sides = [side for side in _SIDES if side[2](*_middle(scene, target))]
    if not sides:
        return None
    english, chinese, holds = sides[int(rng.integers(0, len(sides)))]
    shape, colour, _ = _looks(rng, scene.things[target]) if rng.random() < 0.75 else (None, None, None)
    near = 0.06
    fits = [
        i
        for i in _fitting(scene, shape, colour, None)
        if any(holds(*_shifted(scene, i, dx, dy)) for dx in (-near, near) for dy in (-near, near))
    ]
    if fits != [target]:
        return None
    noun = describe(language, shape=shape, colour=colour, fill=None)
    return f"the {noun} {english}" if language == "en" else chinese + noun


def _shifted(scene: Scene, index: int, dx: float, dy: float) -> tuple[float, float]:
    x, y = _middle(scene, index)
    return x + dx, y + dy


_RELATIONS = (
    ("left of", "左边的", (-1, 0)),
    ("right of", "右边的", (1, 0)),
    ("above", "上面的", (0, -1)),
    ("below", "下面的", (0, 1)),
)


def _by_neighbour(rng: np.random.Generator, scene: Scene, target: int, language: Language) -> str | None:
    if len(scene.things) < 2:
        return None
    other = int(rng.choice([i for i in range(len(scene.things)) if i != target]))
    thing = scene.things[other]
    colour = thing.colour if rng.random() < 0.5 else None
    if _fitting(scene, thing.shape, colour, None) != [other]:
        return None
    english, chinese, (dx, dy) = _RELATIONS[int(rng.integers(0, 4))]
    shape, own_colour, _ = _looks(rng, scene.things[target]) if rng.random() < 0.8 else (None, None, None)
    ox, oy = _middle(scene, other)

    def along(i: int) -> float:
        x, y = _middle(scene, i)
        return (x - ox) * dx + (y - oy) * dy

    def across(i: int) -> float:
        x, y = _middle(scene, i)
        return abs((x - ox) * dy) + abs((y - oy) * dx)

    fits = [i for i in _fitting(scene, shape, own_colour, None) if i != other and along(i) > 0.02]
    if fits != [target] or along(target) < 0.1 or across(target) > 1.5 * along(target):
        return None
    noun = describe(language, shape=shape, colour=own_colour, fill=None)
    anchor = describe(language, shape=thing.shape, colour=colour, fill=None)
    return f"the {noun} {english} the {anchor}" if language == "en" else f"{anchor}{chinese}{noun}"


_RANKS: tuple[tuple[str, str, Callable[[Box], float]], ...] = (
    ("leftmost", "最左边的", lambda b: b[0] + b[2]),
    ("rightmost", "最右边的", lambda b: -b[0] - b[2]),
    ("topmost", "最上面的", lambda b: b[1] + b[3]),
    ("lowest", "最下面的", lambda b: -b[1] - b[3]),
    ("largest", "最大的", lambda b: -(((b[2] - b[0]) * (b[3] - b[1])) ** 0.5) * 2),
    ("smallest", "最小的", lambda b: ((b[2] - b[0]) * (b[3] - b[1])) ** 0.5 * 2),
)
_CLEAR = 0.06
"""How far, as a share of the picture's side, the runner-up must be behind."""


def _by_rank(rng: np.random.Generator, scene: Scene, target: int, language: Language) -> str | None:
    """The extreme one among those that look alike; the runner-up must be clearly behind."""
    shape = scene.things[target].shape if rng.random() < 0.6 else None
    rivals = _fitting(scene, shape, None, None)
    if len(rivals) < 2:
        return None
    order = list(_RANKS)
    rng.shuffle(order)  # type: ignore[arg-type]
    for english, chinese, measure in order:
        if _extreme(scene, rivals, measure) == target:
            noun = describe(language, shape=shape, colour=None, fill=None)
            return f"the {english} {noun}" if language == "en" else chinese + noun
    return None


def _extreme(scene: Scene, numbers: Sequence[int], measure: Callable[[Box], float]) -> int | None:
    """The one of several with the least `measure` (pixels); None where the runner-up is not clearly behind."""
    (least, number), (next_least, _), *_ = sorted((measure(scene.boxes[i]), i) for i in numbers)
    return number if next_least - least > _CLEAR * sum(scene.size) else None


def _links(rng: np.random.Generator, scene: Scene, language: Language) -> Expression:
    """All links of the picture, or the one that is clearly the extreme one."""
    numbers = range(len(scene.things), len(scene.boxes))
    noun = LINK[language]
    if len(numbers) < 2 or rng.random() < 0.6:
        return Expression(language, _named(rng, noun, language, ""), reading_order(scene, numbers))
    english, chinese, measure = _RANKS[int(rng.integers(0, len(_RANKS)))]
    extreme = _extreme(scene, numbers, measure)
    if extreme is None:
        return Expression(language, noun, reading_order(scene, numbers))
    return Expression(language, f"the {english} {noun}" if language == "en" else chinese + noun, (extreme,))


def draw_name(rng: np.random.Generator, language: Language) -> str:
    """A word that means nothing to the picture: everyday words, made-up ones, or a few characters."""
    if language == "zh":
        return "".join(rng.choice(list(CHARACTERS_ZH), size=int(rng.integers(1, 4))))
    if rng.random() < 0.5:
        return str(rng.choice(NAMES_EN))
    letters = "abcdefghijklmnopqrstuvwxyz"
    name = "".join(rng.choice(list(letters), size=int(rng.integers(3, 9))))
    return name.capitalize() if rng.random() < 0.2 else name


def _named(rng: np.random.Generator, phrase: str, language: Language, article: str) -> str:
    """Now and then put a meaningless name into the phrase, so that any wording can be repeated in the answer."""
    if rng.random() > 0.12:
        return phrase
    name = draw_name(rng, language)
    if language == "zh":
        return f"“{name}”{phrase}" if rng.random() < 0.5 else name + phrase
    rest = phrase.removeprefix(article)
    return f"{article if article and phrase.startswith(article) else ''}{name} {rest}"


def _absent(rng: np.random.Generator, scene: Scene, language: Language) -> Expression | None:
    """A phrase about something that is not in the picture: a shape, a colour of it, or an unknown word."""
    if rng.random() < 0.35:
        words = [draw_name(rng, language) for _ in range(int(rng.integers(1, 3)))]
        return Expression(language, (" " if language == "en" else "").join(words), ())
    # On a chart nobody looks for a fish: what is missing there is another block.
    blocks = scene.drawn is not None and rng.random() < 0.8
    shape = str(rng.choice(list(BLOCKS if blocks else SHAPES)))
    colour = str(rng.choice(list(COLOURS))) if rng.random() < (0.1 if blocks else 0.6) else None
    alike = {"circle": "ellipse", "ellipse": "circle", "square": "rectangle", "rectangle": "square"}
    names = {shape, alike.get(shape, shape)} | (
        {"rounded rectangle", "capsule", "rectangle"} if shape not in ICONS else set()
    )
    if any(t.shape in names and (colour is None or t.colour in (colour, None)) for t in scene.things):
        return None
    noun = describe(language, shape=shape, colour=colour, fill=None)
    return Expression(language, f"the {noun}" if language == "en" and rng.random() < 0.5 else noun, ())
