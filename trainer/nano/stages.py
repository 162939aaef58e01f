"""What RefBox-Nano is taught, in which order and for how long."""

from dataclasses import dataclass

from .phrases import Talk
from .scenes import Plan


@dataclass(frozen=True, kw_only=True)
class Stage:
    name: str
    steps: int
    pictures: int
    """Pictures a step."""
    plan: Plan
    talk: Talk | None
    """None = no conversations, the decoder rests."""
    tower: float
    """Learning rate of the tower as a share of the rest; 0 = frozen."""
    decoder: float = 1.0
    """The same of projector and decoder; with both at 0 only the heads learn, which are thrown away later."""
    rate: float
    final_rate: float
    dense: float
    """Weight of the dense loss."""
    charts: float = 0.0
    """Share of the pictures that are charts of the studio's builder."""


_LINKED = Plan(fewest=1, most=7, diagrams=0.6, ranked=0.6)
_OF_LINKS_TOO = Talk(detections=0.15, absent=0.16, links=0.25)
_OF_CHARTS = Talk(detections=0.1, absent=0.16, links=0.3)
_OF_CHART_LINKS = Talk(detections=0.1, absent=0.16, links=0.6)

STAGES = (
    # The tower decides how well everything goes: while it read only two thirds of the boxes, no amount of talking
    # helped. Rates were found the hard way: at twice these, box edges stayed 8 % of the picture wrong.
    Stage(
        name="see",
        steps=4000,
        pictures=32,
        plan=Plan(fewest=1, most=7, diagrams=0.5),
        talk=None,
        tower=1.0,
        rate=1.0e-3,
        final_rate=2e-5,
        dense=1.0,
    ),
    Stage(
        name="one",
        steps=400,
        pictures=16,
        plan=Plan(fewest=1, most=1),
        talk=Talk(detections=0.1),
        tower=0.0,
        rate=1e-3,
        final_rate=1e-3,
        dense=0.2,
    ),
    Stage(
        name="few",
        steps=900,
        pictures=20,
        plan=Plan(fewest=1, most=4, diagrams=0.3),
        talk=Talk(detections=0.2),
        tower=0.0,
        rate=1e-3,
        final_rate=7e-4,
        dense=0.2,
    ),
    Stage(
        name="ground",
        steps=700,
        pictures=20,
        plan=Plan(fewest=1, most=7, diagrams=0.5),
        talk=Talk(detections=0.2),
        tower=0.0,
        rate=7e-4,
        final_rate=3e-4,
        dense=0.2,
    ),
    Stage(
        name="cool",
        steps=500,
        pictures=20,
        plan=Plan(fewest=1, most=7, diagrams=0.5),
        talk=Talk(detections=0.15),
        tower=0.3,
        rate=3e-4,
        final_rate=1e-5,
        dense=0.3,
    ),
    # Links are thin: the tower has to look at them on their own before anyone speaks of them.
    Stage(
        name="trace",
        steps=1500,
        pictures=32,
        plan=Plan(fewest=1, most=7, diagrams=0.75, ranked=0.65),
        talk=None,
        tower=1.0,
        rate=6e-4,
        final_rate=2e-5,
        dense=1.0,
    ),
    Stage(
        name="link",
        steps=700,
        pictures=20,
        plan=_LINKED,
        talk=_OF_LINKS_TOO,
        tower=0.0,
        rate=7e-4,
        final_rate=3e-4,
        dense=0.2,
    ),
    Stage(
        name="settle",
        steps=400,
        pictures=20,
        plan=_LINKED,
        talk=_OF_LINKS_TOO,
        tower=0.3,
        rate=3e-4,
        final_rate=1e-5,
        dense=0.3,
    ),
    # From here on half of the pictures are real charts. A run that begins with published weights has new heads, which
    # must not disturb the tower before they can read.
    Stage(
        name="heads",
        steps=200,
        pictures=32,
        plan=_LINKED,
        talk=None,
        tower=0.0,
        decoder=0.0,
        rate=2e-3,
        final_rate=5e-4,
        dense=1.0,
        charts=0.5,
    ),
    Stage(
        name="inspect",
        steps=1000,
        pictures=32,
        plan=_LINKED,
        talk=None,
        tower=1.0,
        rate=6e-4,
        final_rate=2e-5,
        dense=1.0,
        charts=0.6,
    ),
    Stage(
        name="chart",
        steps=600,
        pictures=20,
        plan=_LINKED,
        talk=_OF_CHARTS,
        tower=0.0,
        rate=6e-4,
        final_rate=3e-4,
        dense=0.2,
        charts=0.6,
    ),
    Stage(
        name="finish",
        steps=600,
        pictures=20,
        plan=_LINKED,
        talk=_OF_CHARTS,
        tower=0.3,
        rate=3e-4,
        final_rate=1e-5,
        dense=0.3,
        charts=0.6,
    ),
    # By then the tower reads links, yet the decoder begins their boxes in the middle of the page: it needs to be asked
    # for them more often than for blocks, which it has right.
    Stage(
        name="point",
        steps=220,
        pictures=20,
        plan=_LINKED,
        talk=_OF_CHART_LINKS,
        tower=0.0,
        rate=6e-4,
        final_rate=1e-5,
        dense=0.1,
        charts=0.75,
    ),
    # After "point" scenes of four to seven things had fallen from 0.86 to 0.74.
    Stage(
        name="balance",
        steps=300,
        pictures=20,
        plan=_LINKED,
        talk=_OF_CHARTS,
        tower=0.3,
        rate=2.5e-4,
        final_rate=1e-5,
        dense=0.3,
        charts=0.5,
    ),
)


def stage_named(name: str) -> Stage:
    """KeyError where there is none."""
    return {stage.name: stage for stage in STAGES}[name]
