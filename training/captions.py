"""Captions made from attributes, in English and Chinese: what a words net learns from.

An attribute is told by one of its phrases, whose level is the value it stands for, in deviations. A word of degree in
front moves the level. What goes unsaid is not asked for.
"""

# ruff: noqa: RUF001 (Chinese has its own commas)

import re
from dataclasses import dataclass

import numpy as np

# attribute -> level -> phrases (English, Chinese); {} takes a word of degree
PHRASES: dict[str, dict[float, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "smile": {
        1.3: (("{} smiling", "{} happy", "with a {} smile", "{} cheerful"), ("{}微笑", "{}高兴", "{}开心", "{}笑容")),
        2.2: (("laughing", "with a broad smile", "grinning"), ("大笑", "灿烂的笑容")),
        -1.4: (("{} serious", "{} sad", "not smiling", "without a smile"), ("{}严肃", "{}悲伤", "不笑", "没有笑容")),
    },
    "mouth_open": {
        1.5: (("with an open mouth", "mouth {} open", "showing teeth"), ("张嘴", "{}张开嘴", "露齿")),
        -1.2: (("with a closed mouth", "mouth closed", "lips closed"), ("闭嘴", "闭着嘴")),
    },
    "yaw": {
        1.6: (("looking {} to the right", "turned {} right", "facing right"), ("{}向右看", "朝右", "面向右")),
        -1.6: (("looking {} to the left", "turned {} left", "facing left"), ("{}向左看", "朝左", "面向左")),
        0.0: (("looking straight ahead", "facing the camera", "frontal"), ("正面", "面向镜头")),
    },
    "age": {
        1.4: (("{} old", "{} elderly", "{} older", "{} aged"), ("{}老", "{}年老", "{}年长", "老年")),
        -1.4: (("{} young", "{} youthful", "{} younger"), ("{}年轻", "{}青年")),
        0.0: (("middle-aged",), ("中年",)),
    },
    "female": {
        1.5: (("woman", "lady", "female", "{} feminine", "girl"), ("女人", "女士", "女性", "女")),
        -1.5: (("man", "gentleman", "male", "{} masculine", "guy"), ("男人", "男士", "男性", "男")),
    },
    "glasses": {
        2.0: (("with glasses", "wearing glasses", "with spectacles", "bespectacled"), ("戴眼镜", "有眼镜", "眼镜")),
        -1.0: (("without glasses", "no glasses"), ("不戴眼镜", "没有眼镜", "无眼镜")),
    },
    "facial_hair": {
        2.0: (("with a {} beard", "bearded", "with a moustache", "with facial hair"), ("有{}胡子", "胡须", "大胡子")),
        -1.0: (("clean-shaven", "without a beard", "no beard"), ("没有胡子", "无胡须", "刮净胡子")),
    },
    "hair_l": {
        1.6: (
            ("{} blonde", "with {} light hair", "with {} fair hair", "with white hair"),
            ("{}金发", "{}浅色头发", "白发"),
        ),
        -1.4: (
            ("with {} dark hair", "black-haired", "with black hair", "brunette"),
            ("{}深色头发", "黑发", "黑色头发"),
        ),
    },
    "skin_l": {
        1.3: (("with {} light skin", "with {} fair skin", "{} pale"), ("{}浅色皮肤", "{}白皙", "皮肤{}白")),
        -1.8: (("with {} dark skin", "with brown skin", "{} tanned"), ("{}深色皮肤", "黝黑", "棕色皮肤")),
    },
    "bg_l": {
        1.4: (
            ("{} light background", "{} bright background", "white background"),
            ("{}浅色背景", "{}明亮的背景", "白色背景"),
        ),
        -1.4: (("{} dark background", "black background"), ("{}深色背景", "{}暗背景", "黑色背景")),
    },
}
DEGREES: dict[float, tuple[tuple[str, ...], tuple[str, ...]]] = {
    1.0: (("", "", ""), ("", "", "")),
    1.6: (("very", "extremely", "really"), ("非常", "很", "十分")),
    0.5: (("slightly", "a little", "somewhat"), ("略", "稍微", "有点")),
}
FILLERS = (
    ("a", "portrait of a", "photo of a", "face of a", "person", "and", "please"),
    ("一位", "一个", "的肖像", "照片", "的", "人", "和"),
)
MENTIONED = 0.35
WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*|[\u3400-\u9fff]+|\d+")  # as studio.models.words reads


def phrases_of(name: str) -> dict[float, tuple[tuple[str, ...], tuple[str, ...]]]:
    """The phrases of an attribute; of one with a person's own word as name that word, with and without."""
    own = name.replace("_", " ").replace("-", " ")
    return PHRASES.get(name) or {
        1.5: ((own, f"{{}} {own}", f"with {own}", f"with {{}} {own}"), (own, f"{{}}{own}", f"有{own}")),
        -1.5: ((f"no {own}", f"without {own}", f"not {own}"), (f"没有{own}", f"无{own}")),
    }


def tokens(text: str) -> list[str]:
    """The words of a text as a words net reads them, lower-case; a run of Chinese stays whole."""
    return [word for word in WORD.findall(text.lower()) if not word.isdigit()]


@dataclass(frozen=True)
class Caption:
    """A text and what it asks: [K], NaN where it asks nothing."""

    text: str
    asked: np.ndarray


def caption(values: np.ndarray, names: tuple[str, ...], rng: np.random.Generator) -> Caption:
    """A caption of a face with attributes `values` [K], NaN where unknown; each may go unsaid."""
    language = int(rng.random() < 0.5)
    parts, asked = [], np.full(len(names), np.nan, np.float32)
    for index in rng.permutation(len(names)):
        value = values[index]
        if np.isnan(value) or rng.random() > MENTIONED:
            continue
        levels = phrases_of(names[index])
        level = min(levels, key=lambda level: abs(level - value))
        phrases = levels[level][language]
        phrase = phrases[int(rng.integers(len(phrases)))]
        if "{}" in phrase:
            factor = [*DEGREES][int(rng.integers(len(DEGREES)))]
            degrees = DEGREES[factor][language]
            phrase = phrase.format(degrees[int(rng.integers(len(degrees)))])
            level *= factor
        parts.append(phrase)
        asked[index] = level
    for filler in rng.permutation(len(FILLERS[language]))[: int(rng.integers(0, 4))]:
        parts.insert(int(rng.integers(0, len(parts) + 1)), FILLERS[language][filler])
    joint = [", ", " "][int(rng.integers(2))] if language == 0 else ["，", "", "、"][int(rng.integers(3))]
    return Caption(joint.join(parts).replace("  ", " ").strip(), asked)


def vocabulary(names: tuple[str, ...]) -> tuple[str, ...]:
    """All words that captions of these attributes can hold."""
    english: set[str] = set()
    chinese: set[str] = set()
    texts = [phrases for name in names for phrases in phrases_of(name).values()]
    for first, second in [*texts, *DEGREES.values(), FILLERS]:
        english |= {word for text in first for word in text.replace("{}", " ").replace(",", " ").split()}
        chinese |= {word for text in second for word in text.split("{}") if word}
    return tuple(sorted(english) + sorted(chinese))
