"""Conversation templates: what text the model reads and which characters of it are supervised.

Strings are those of InternVL's `conversation.py`. The older templates write no newline after the end token, the
InternVL2.5 template writes one that is not supervised. Only answers and their end token carry a label.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from refbox_trainer.errors import TrainerError

_SYSTEM_2_0: Final = (
    "你是由上海人工智能实验室联合商汤科技开发的书生多模态大模型，英文名叫InternVL, 是一个有用无害的人工智能助手。"
)
_SYSTEM_2_5: Final = (
    "你是书生·万象，英文名是InternVL，是由上海人工智能实验室、清华大学及多家合作单位联合开发的多模态大语言模型。"
)


_MARKER: Final = re.compile(r"<\|[^|<>]+\|>")


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """The fixed strings around system prompt, questions and answers."""

    name: str
    system_prompt: str
    system_role: str
    user_role: str
    assistant_role: str
    end: str
    """The end token alone, as text."""
    separator: str
    """What follows every end token: empty, or one newline."""
    strips_messages: bool = False
    """The original trainer strips white space around every message of this template."""
    allows_system_turn: bool = False
    """A first turn of role `system` replaces the system prompt."""

    @property
    def markers(self) -> tuple[str, ...]:
        """The control tokens of this template, which must not occur inside a message."""
        return tuple(dict.fromkeys(_MARKER.findall(self.system_role + self.user_role + self.assistant_role + self.end)))


class Turn(NamedTuple):
    """One message. `role` is human, gpt or system, as in the records."""

    role: str
    text: str


class Rendered(NamedTuple):
    """`spans` are [start, end) character ranges of `text` that are supervised, in order."""

    text: str
    spans: tuple[tuple[int, int], ...]


def _chatml(name: str, system_prompt: str, separator: str, **options: bool) -> Template:
    return Template(
        name=name,
        system_prompt=system_prompt,
        system_role="<|im_start|>system\n",
        user_role="<|im_start|>user\n",
        assistant_role="<|im_start|>assistant\n",
        end="<|im_end|>",
        separator=separator,
        **options,
    )


TEMPLATES: Final = {
    template.name: template
    for template in (
        _chatml("Hermes-2", _SYSTEM_2_0, ""),
        _chatml("internlm2-chat", _SYSTEM_2_0, "", strips_messages=True),
        _chatml("internvl2_5", _SYSTEM_2_5, "\n", allows_system_turn=True),
        Template(
            name="phi3-chat",
            system_prompt=_SYSTEM_2_0,
            system_role="<|system|>\n",
            user_role="<|user|>\n",
            assistant_role="<|assistant|>\n",
            end="<|end|>",
            separator="",
        ),
    )
}


def find_template(name: str) -> Template:
    """The template called `name`; raises TrainerError("bad_model") for a name that is not known."""
    template = TEMPLATES.get(name)
    if template is None:
        raise TrainerError(
            "bad_model",
            f'The checkpoint asks for the conversation template "{name}", which is not known.',
            f"Known templates: {', '.join(TEMPLATES)}. Correct `template` in the checkpoint's config.json.",
        )
    return template


def render(template: Template, turns: Sequence[Turn]) -> Rendered:
    """A whole conversation as training text.

    `turns` must already be checked (records.py): human and gpt alternate, nothing is empty, the last one is gpt.
    """
    system, dialogue = _split_system(template, turns)
    text = f"{template.system_role}{system}{template.end}{template.separator}"
    spans: list[tuple[int, int]] = []
    for turn in dialogue:
        message = turn.text.strip() if template.strips_messages else turn.text
        if turn.role == "gpt":
            text += template.assistant_role
            start = len(text)
            text += message + template.end
            spans.append((start, len(text)))
            text += template.separator
        else:
            text += f"{template.user_role}{message}{template.end}{template.separator}"
    return Rendered(text, tuple(spans))


def render_prompt(template: Template, turns: Sequence[Turn]) -> str:
    """A conversation that ends with a question, up to and including the role string the answer follows."""
    return render(template, turns).text + template.assistant_role


def _split_system(template: Template, turns: Sequence[Turn]) -> tuple[str, Sequence[Turn]]:
    if turns and turns[0].role == "system":
        if not template.allows_system_turn:
            raise TrainerError(
                "bad_data",
                f"The template {template.name} has a fixed system prompt, so that a system turn cannot be used.",
                "Remove the system turn.",
            )
        return turns[0].text, turns[1:]
    return template.system_prompt, turns
