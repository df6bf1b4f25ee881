"""CLIP's two towers in plain torch, with transformers' names of weights.

So that any version of it can load them.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from training import settings as s


class _Attention(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q_proj, self.k_proj, self.v_proj, self.out_proj = (nn.Linear(width, width) for _ in range(4))

    def forward(self, x: torch.Tensor, causal: bool) -> torch.Tensor:
        q, k, v = (
            p(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for p in (self.q_proj, self.k_proj, self.v_proj)
        )
        return self.out_proj(
            F.scaled_dot_product_attention(q, k, v, is_causal=causal).transpose(1, 2).flatten(2)
        )


class _Mlp(nn.Module):
    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, inner), nn.Linear(inner, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.fc1(x)
        return self.fc2(x * torch.sigmoid(1.702 * x))


class _Layer(nn.Module):
    def __init__(self, width: int, heads: int, inner: int) -> None:
        super().__init__()
        self.self_attn, self.mlp = _Attention(width, heads), _Mlp(width, inner)
        self.layer_norm1, self.layer_norm2 = nn.LayerNorm(width, eps=1e-5), nn.LayerNorm(width, eps=1e-5)

    def forward(self, x: torch.Tensor, causal: bool) -> torch.Tensor:
        x = x + self.self_attn(self.layer_norm1(x), causal)
        return x + self.mlp(self.layer_norm2(x))


class _Encoder(nn.Module):
    def __init__(self, layers: int, width: int, heads: int, inner: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList([_Layer(width, heads, inner) for _ in range(layers)])

    def forward(self, x: torch.Tensor, causal: bool) -> torch.Tensor:
        for layer in self.layers:
            x = layer(x, causal)
        return x


class _TextEmbeddings(nn.Module):
    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.token_embedding = nn.Embedding(vocabulary, s.TEXT_WIDTH)
        self.position_embedding = nn.Embedding(s.TOKENS, s.TEXT_WIDTH)


class TextTower(nn.Module):
    """Token ids to hidden states (after the last norm) and the pooled one at the end mark."""

    def __init__(self, vocabulary: int, end: int) -> None:
        super().__init__()
        self.end = end
        self.embeddings = _TextEmbeddings(vocabulary)
        self.encoder = _Encoder(s.TEXT_LAYERS, s.TEXT_WIDTH, s.TEXT_HEADS, s.TEXT_INNER)
        self.final_layer_norm = nn.LayerNorm(s.TEXT_WIDTH, eps=1e-5)
        nn.init.normal_(self.embeddings.token_embedding.weight, std=0.02)
        nn.init.normal_(self.embeddings.position_embedding.weight, std=0.02)

    def forward(self, ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Hidden states N × TOKENS × width, and pooled ones N × width."""
        x = self.embeddings.token_embedding(ids) + self.embeddings.position_embedding.weight[: ids.shape[1]]
        x = self.final_layer_norm(self.encoder(x, causal=True))
        place = (ids == self.end).int().argmax(1)
        return x, x[torch.arange(len(x), device=x.device), place]


class _VisionEmbeddings(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.class_embedding = nn.Parameter(torch.randn(s.VISION_WIDTH) * 0.02)
        self.patch_embedding = nn.Conv2d(3, s.VISION_WIDTH, s.PATCH, s.PATCH, bias=False)
        self.position_embedding = nn.Embedding((s.SIDE // s.PATCH) ** 2 + 1, s.VISION_WIDTH)
        nn.init.normal_(self.position_embedding.weight, std=0.02)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        x = self.patch_embedding(pictures).flatten(2).transpose(1, 2)
        x = torch.cat([self.class_embedding.to(x.dtype).expand(len(x), 1, -1), x], 1)
        return x + self.position_embedding.weight


class ImageTower(nn.Module):
    """Pictures N × 3 × SIDE × SIDE to pooled vectors."""

    def __init__(self) -> None:
        super().__init__()
        self.embeddings = _VisionEmbeddings()
        self.pre_layrnorm = nn.LayerNorm(s.VISION_WIDTH, eps=1e-5)
        self.encoder = _Encoder(s.VISION_LAYERS, s.VISION_WIDTH, s.VISION_HEADS, s.VISION_INNER)
        self.post_layernorm = nn.LayerNorm(s.VISION_WIDTH, eps=1e-5)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Pooled vectors N × width."""
        return self.post_layernorm(
            self.encoder(self.pre_layrnorm(self.embeddings(pictures)), causal=False)[:, 0]
        )
