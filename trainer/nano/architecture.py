# ruff: noqa: N803, N806 (shape suffixes of tensors are capitals)
"""RefBox-Nano: the InternVL2 architecture at the size of a laptop.

Nothing here is new: an InternViT-style tower, pixel shuffle 0.5, the two-layer projector and a Qwen2 decoder, all of
them transformers' own classes. Only the numbers are small. What each number costs and why it was chosen:

* one tile of 192 px with patch 16 gives 12 x 12 patches and, after pixel shuffle, 36 visual tokens. 112 px (16
  tokens) was too coarse for charts: a box of 60 thousandths is then 7 px high, and IoU 0.5 asks for about 1 px per
  edge.
* heads are 32 wide, because matching a phrase to a region needs several heads more than it needs wide ones.
* RoPE theta is 10,000: conversations of a few hundred tokens gain nothing from long wavelengths.
"""

import math

import torch
from torch import Tensor
from transformers import InternVLConfig, InternVLForConditionalGeneration, InternVLVisionConfig, Qwen2Config

IMAGE_SIZE = 192
PATCH_SIZE = 16
DOWNSAMPLE = 0.5
ROPE_THETA = 10_000.0
PATCHES_PER_SIDE = IMAGE_SIZE // PATCH_SIZE
TOKENS_PER_SIDE = int(PATCHES_PER_SIDE * DOWNSAMPLE)
IMAGE_TOKENS = TOKENS_PER_SIDE**2
TOWER = {"hidden_size": 192, "num_hidden_layers": 6, "num_attention_heads": 6, "intermediate_size": 768}
DECODER = {
    "hidden_size": 256,
    "num_hidden_layers": 5,
    "num_attention_heads": 8,
    "num_key_value_heads": 4,
    "intermediate_size": 640,
}


def nano_config(vocabulary: int, image_token: int, end_token: int, pad_token: int) -> InternVLConfig:
    """The transformers-native configuration; the token ids come from the tokenizer that was trained for this model."""
    vision = InternVLVisionConfig(
        **TOWER,
        image_size=[IMAGE_SIZE, IMAGE_SIZE],
        patch_size=[PATCH_SIZE, PATCH_SIZE],
        attention_bias=True,
        use_qk_norm=False,
        norm_type="layer_norm",
        layer_norm_eps=1e-6,
        layer_scale_init_value=1.0,
        use_absolute_position_embeddings=True,
        use_mask_token=False,
        use_mean_pooling=True,
        hidden_dropout_prob=0.0,
        attention_dropout=0.0,
        projection_dropout=0.0,
    )
    text = Qwen2Config(
        **DECODER,
        vocab_size=vocabulary,
        max_position_embeddings=4096,
        rope_parameters={"rope_type": "default", "rope_theta": ROPE_THETA},
        rms_norm_eps=1e-6,
        tie_word_embeddings=False,
        bos_token_id=None,
        eos_token_id=end_token,
        pad_token_id=pad_token,
    )
    return InternVLConfig(
        vision_config=vision,
        text_config=text,
        image_token_id=image_token,
        image_seq_length=IMAGE_TOKENS,
        downsample_ratio=DOWNSAMPLE,
        projector_hidden_act="gelu",
        vision_feature_layer=-1,
        vision_feature_select_strategy="default",
        tie_word_embeddings=False,
    )


def build_nano(config: InternVLConfig, seed: int) -> InternVLForConditionalGeneration:
    """A model with freshly drawn weights. Same seed, same weights."""
    torch.manual_seed(seed)
    model = InternVLForConditionalGeneration(config)
    # On CPU the fused attention's backward pass is slow for heads this small: plain matrix products took 0.32 s
    # instead of 0.51 s for twelve pictures through the tower, 0.55 s instead of 0.69 s for eight conversations.
    model.set_attn_implementation("eager")
    return model


@torch.no_grad()
def start_from_patches(model: InternVLForConditionalGeneration, pixels_B3HW: Tensor) -> None:
    """Begin with an eye that sees: patch filters from the principal components of real patches, positions as waves.

    With random filters and the all-zero position table of transformers the tower needs tens of thousands of pictures
    before it tells shapes apart. Filters: the components with the largest variance, each brought to about the same
    strength (rare detail is not blown up beyond the hundredth component). Positions: sines and cosines of row and
    column, as in "Attention Is All You Need", half of the width for each. Both are starting values only and are
    trained like the rest.
    """
    embeddings = model.model.vision_tower.embeddings
    width = TOWER["hidden_size"]
    patches_NK = torch.nn.functional.unfold(pixels_B3HW, PATCH_SIZE, stride=PATCH_SIZE).transpose(1, 2).flatten(0, 1)
    mean_K = patches_NK.mean(0)
    covariance_KK = torch.cov((patches_NK - mean_K).T)
    variance_K, components_KK = torch.linalg.eigh(covariance_KK)
    variance, components = variance_K.flip(0)[:width], components_KK.flip(1)[:, :width]
    filters_DK = (components / (variance + variance[100]).sqrt()).T * 0.5
    projection = embeddings.patch_embeddings.projection
    projection.weight.copy_(filters_DK.reshape(projection.weight.shape))
    projection.bias.copy_(-filters_DK @ mean_K)

    side, quarter = PATCHES_PER_SIDE, width // 4
    wave = torch.exp(torch.linspace(math.log(math.pi / side), math.log(math.pi), quarter))
    angle_PQ = torch.outer(torch.arange(side) + 0.5, wave)
    line_PH = torch.cat([angle_PQ.sin(), angle_PQ.cos()], dim=1)
    grid = torch.cat([line_PH[:, None].expand(side, side, -1), line_PH[None].expand(side, side, -1)], dim=-1)
    embeddings.position_embeddings[0, 1:].copy_(0.5 * grid.reshape(side * side, width))
