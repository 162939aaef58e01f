"""Rendered text and what of it is supervised."""

from __future__ import annotations

import pytest

from refbox_trainer.errors import TrainerError
from refbox_trainer.model.template import Turn, find_template, render, render_prompt

_SYSTEM = "你是由上海人工智能实验室联合商汤科技开发的书生多模态大模型，英文名叫InternVL, 是一个有用无害的人工智能助手。"


def test_hermes_renders_without_newlines_after_end_tokens() -> None:
    rendered = render(find_template("Hermes-2"), [Turn("human", "q"), Turn("gpt", "a")])
    assert rendered.text == (
        f"<|im_start|>system\n{_SYSTEM}<|im_end|><|im_start|>user\nq<|im_end|><|im_start|>assistant\na<|im_end|>"
    )


def test_the_2_5_template_has_newlines_that_are_not_supervised() -> None:
    rendered = render(find_template("internvl2_5"), [Turn("human", "q"), Turn("gpt", "a")])
    assert rendered.text.endswith("<|im_start|>assistant\na<|im_end|>\n")
    assert [rendered.text[start:end] for start, end in rendered.spans] == ["a<|im_end|>"]


@pytest.mark.parametrize("name", ["Hermes-2", "internlm2-chat", "internvl2_5", "phi3-chat"])
@pytest.mark.parametrize("rounds", [1, 2, 3])
def test_supervised_spans_are_the_answers_with_their_end_token(name: str, rounds: int) -> None:
    template = find_template(name)
    turns = [turn for i in range(rounds) for turn in (Turn("human", f"question {i}"), Turn("gpt", f"answer {i}"))]
    rendered = render(template, turns)
    supervised = [rendered.text[start:end] for start, end in rendered.spans]
    assert supervised == [f"answer {i}{template.end}" for i in range(rounds)]


def test_a_system_turn_replaces_the_prompt_only_where_the_template_allows_it() -> None:
    turns = [Turn("system", "be brief"), Turn("human", "q"), Turn("gpt", "a")]
    assert render(find_template("internvl2_5"), turns).text.startswith("<|im_start|>system\nbe brief<|im_end|>")
    with pytest.raises(TrainerError, match="fixed system prompt"):
        render(find_template("Hermes-2"), turns)


def test_a_prompt_ends_behind_the_role_of_the_assistant() -> None:
    text = render_prompt(find_template("Hermes-2"), [Turn("human", "q")])
    assert text.endswith("<|im_start|>user\nq<|im_end|><|im_start|>assistant\n")


def test_an_unknown_template_is_refused_by_name() -> None:
    with pytest.raises(TrainerError, match="vicuna"):
        find_template("vicuna")
