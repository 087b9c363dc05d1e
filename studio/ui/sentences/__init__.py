"""The sentences of StudioErrors in Chinese; they are raised in English, by parts that know of no page."""

# ruff: noqa: RUF001 (Chinese has its own commas)

import re
from collections.abc import Mapping

from studio.ui.sentences import art, jobs, sprites, tasks, training

SENTENCES: dict[str, str] = {
    key: chinese for part in (tasks, training, jobs, art, sprites) for key, chinese in part.SENTENCES.items()
}
"""Each sentence, its values as {} -> Chinese, the values by number; {0:part} is one of PARTS, or as it is."""

PARTS: dict[str, str] = {
    "The picture": "图片",
    "The mask": "蒙版",
    ", such as '{}'": "，例如“{0}”",
    "a number from {} to {}": " {0} 到 {1} 之间的数",
    "a whole number from {} to {}": " {0} 到 {1} 之间的整数",
    "one of {}": "以下之一：{0}",
    "true or false": " true 或 false",
    "a text": "文字",
    "{} x {} cells": " {0} x {1} 个格子",
    "cells of {} x {} px": " {0} x {1} 像素的格子",
    "a whole number": "整数",
    "a number": "数字",
    "none yet": "暂无",
    "none yet; train or import one": "暂无；请训练或导入一个",
    "install Easel again": "请重新安装 Easel",
    "delete it and import or train it again": "请删除后重新导入或训练",
    "queued": "等待",
    "running": "训练",
    "paused": "暂停",
    "resumed": "继续",
    "done": "完成",
    "failed": "失败",
    "cancelled": "取消",
    "retried": "重试",
    "it can be paused or cancelled": "可以暂停或取消",
    "it can be paused or resumed or cancelled": "可以暂停、继续或取消",
    "it can be resumed or cancelled": "可以继续或取消",
    "it can be retried": "可以重试",
    "it has ended": "它已结束",
}
"""Words that a sentence takes in as one of its values."""

_Rules = list[tuple[re.Pattern[str], str]]


def _rules(table: Mapping[str, str]) -> _Rules:
    """What each template matches and its Chinese, those with the most text of their own first."""
    templates = sorted(table, key=lambda template: len(template.replace("{}", "")), reverse=True)
    return [
        (re.compile("(.*?)".join(map(re.escape, template.split("{}"))), re.DOTALL), table[template])
        for template in templates
    ]


_SENTENCES, _PARTS = _rules(SENTENCES), _rules(PARTS)


class _Value(str):
    """A value of a sentence, which `{0:part}` translates too."""

    def __format__(self, spec: str) -> str:
        return _chinese(self, _PARTS) if spec == "part" else str(self)


def _chinese(text: str, rules: _Rules) -> str:
    for pattern, chinese in rules:
        if found := pattern.fullmatch(text):
            return chinese.format(*map(_Value, found.groups()))
    return text


def translate(message: str, locale: str) -> str:
    """The sentence of an error in the page's language; a sentence that is not in the table stays as it is."""
    return _chinese(message, _SENTENCES) if locale.startswith("zh") else message
