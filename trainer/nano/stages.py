"""What RefBox-Nano is taught, in which order and for how long."""

from dataclasses import dataclass

from .scenes import Plan


@dataclass(frozen=True, kw_only=True)
class Stage:
    name: str
    steps: int
    pictures: int
    """Pictures a step."""
    plan: Plan
    detections: float | None
    """Share of conversations that list everything in the picture; None = no conversations, the decoder rests."""
    tower: float
    """Learning rate of the tower as a share of the rest; 0 = frozen."""
    rate: float
    final_rate: float
    dense: float
    """Weight of the dense loss."""


STAGES = (
    # Rates were found the hard way: at twice these, box edges stayed 8 % of the picture wrong and shapes near chance.
    # Going from 1.4e-3 to 7e-4 in "few" brought the share of well-read boxes from 0.2 to 0.6 within twenty steps.
    Stage(
        name="see",
        steps=900,
        pictures=32,
        plan=Plan(fewest=1, most=7),
        detections=None,
        tower=1.0,
        rate=1.4e-3,
        final_rate=7e-4,
        dense=1.0,
    ),
    Stage(
        name="one",
        steps=1000,
        pictures=8,
        plan=Plan(fewest=1, most=1),
        detections=0.1,
        tower=0.0,
        rate=1.4e-3,
        final_rate=1.4e-3,
        dense=0.0,
    ),
    Stage(
        name="few",
        steps=700,
        pictures=12,
        plan=Plan(fewest=1, most=3),
        detections=0.2,
        tower=0.4,
        rate=1.4e-3,
        final_rate=1e-4,
        dense=0.3,
    ),
    Stage(
        name="ground",
        steps=1200,
        pictures=20,
        plan=Plan(fewest=1, most=7, diagrams=0.45),
        detections=0.15,
        tower=0.4,
        rate=7e-4,
        final_rate=5e-4,
        dense=0.3,
    ),
    Stage(
        name="cool",
        steps=400,
        pictures=20,
        plan=Plan(fewest=1, most=7, diagrams=0.5),
        detections=0.1,
        tower=0.4,
        rate=5e-4,
        final_rate=1e-5,
        dense=0.3,
    ),
)
