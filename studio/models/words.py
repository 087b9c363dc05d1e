"""Words to attributes of a face: token embeddings, one layer of self-attention, and one query an attribute.

After Vaswani et al. (2017) and the pooling by queries of Lee et al., "Set Transformer" (2019); small, as a caption has
a dozen tokens of a hundred kinds.
"""

import re
from dataclasses import dataclass

import torch
from torch import Tensor, nn

PADDING, UNKNOWN = 0, 1  # tokens; the vocabulary begins at 2


@dataclass(frozen=True, kw_only=True)
class WordsConfig:
    """`vocabulary` holds lower-case words, Chinese ones among them; `names` are the attributes."""

    vocabulary: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    width: int = 48
    longest: int = 48


class WordsNet(nn.Module):
    """Tokens -> for each attribute the value asked for, in deviations, and a logit of its being asked for at all."""

    def __init__(self, config: WordsConfig) -> None:
        super().__init__()
        self.config = config
        width, count = config.width, len(config.names)
        self.embed = nn.Embedding(len(config.vocabulary) + 2, width)
        self.place = nn.Parameter(0.1 * torch.randn(config.longest, width))
        self.mix = nn.TransformerEncoderLayer(width, 4, 2 * width, dropout=0.0, batch_first=True, norm_first=True)
        self.queries = nn.Parameter(torch.randn(count, width) * width**-0.5)
        self.keys = nn.Linear(width, width)
        self.values, self.asked = nn.Linear(width, count), nn.Linear(width, count)

    def forward(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """[B, T], PADDING at the end -> values [B, K], logits [B, K]."""
        blank = tokens == PADDING
        x = self.embed(tokens) + self.place[: tokens.shape[1]]
        x = self.mix(x, src_key_padding_mask=blank)  # [B, T, width]
        score = torch.einsum("kc,btc->bkt", self.queries, self.keys(x)).masked_fill(blank[:, None], -1e4)
        pooled = score.softmax(2) @ x  # [B, K, width]
        found = [(layer.weight * pooled).sum(2) + layer.bias for layer in (self.values, self.asked)]
        return found[0], found[1]

    def read(self, text: str) -> tuple[list[str], list[str]]:
        """The known words of `text` in order, and the unknown ones. Chinese is cut into the longest known words."""
        known, unknown = [], []
        for part in re.findall(r"[a-z]+(?:['-][a-z]+)*|[\u3400-\u9fff]+|\d+", text.lower()):
            if part in self.config.vocabulary:
                known.append(part)
            elif part[0] >= "\u3400":
                self._cut(part, known, unknown)
            else:
                unknown.append(part)
        return known[: self.config.longest], unknown

    def _cut(self, part: str, known: list[str], unknown: list[str]) -> None:
        longest = max(map(len, self.config.vocabulary), default=1)
        missed = ""
        while part:
            length = next((n for n in range(min(longest, len(part)), 0, -1) if part[:n] in self.config.vocabulary), 0)
            if length and missed:
                unknown.append(missed)
                missed = ""
            if length:
                known.append(part[:length])
            else:
                missed += part[0]
            part = part[length or 1 :]
        if missed:
            unknown.append(missed)

    def tokens(self, words: list[list[str]]) -> Tensor:
        """Known words of several texts -> [B, T]."""
        places = {word: index + 2 for index, word in enumerate(self.config.vocabulary)}
        rows = [torch.tensor([places.get(word, UNKNOWN) for word in text] or [UNKNOWN]) for text in words]
        return nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=PADDING)

    @torch.no_grad()
    def ask(self, words: list[list[str]]) -> Tensor:
        """Known words of several texts -> what each asks of the attributes [B, K], NaN where it asks nothing."""
        values, logits = self(self.tokens(words).to(self.place.device))
        empty = torch.tensor([not text for text in words], device=values.device)[:, None]
        return torch.where((logits > 0) & ~empty, values, torch.nan)
