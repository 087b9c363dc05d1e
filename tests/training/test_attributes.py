"""Attributes: tables read, judges that find what can be found and say how well, few labels helped by many faces."""

from pathlib import Path

import numpy as np
import pytest
import torch

from studio.core.errors import BadInput
from training.attributes import auc, learn_judge, read_labels, values_of


def test_tables_are_read_and_joined(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("file,smile,gender,source\nx/1.png,0.5,female,a\n2.png,,male,b\n3.png,-1,,c\n")
    (tmp_path / "b.csv").write_text("file,glasses\n1.png,1\n9.png,0\n")
    labels = read_labels([str(tmp_path / "a.csv"), str(tmp_path / "b.csv")], ("female", "smile", "glasses"))
    values = values_of(labels, ["1.png", "2.png", "3.png"])
    assert np.array_equal(values, [[1, 0.5, 1], [0, np.nan, np.nan], [np.nan, -1, np.nan]], equal_nan=True)


@pytest.mark.parametrize("text", ["", "name,smile\n1.png,2\n", None])
def test_files_that_are_no_tables_are_refused(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "a.csv").write_text(text)
    with pytest.raises(BadInput, match="column 'file'"):
        read_labels([str(tmp_path / "a.csv")], ("smile",))


def test_columns_that_are_not_there_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("file,smile,source\n1.png,2,a\n2.png,2,b\n3.png,2,c\n")
    for name in ("grin", "source"):
        with pytest.raises(BadInput, match=f"no column '{name}'"):
            read_labels([str(tmp_path / "a.csv")], ("smile", name))


def test_the_auc_is_the_chance_of_the_right_order() -> None:
    labels = np.array([False, False, True, True])
    assert auc(np.array([1.0, 2.0, 3.0, 4.0]), labels) == 1.0
    assert auc(np.array([4.0, 3.0, 2.0, 1.0]), labels) == 0.0
    assert auc(np.array([1.0, 3.0, 2.0, 4.0]), labels) == 0.75


def test_a_judge_finds_what_is_there_and_owns_up_to_what_is_not() -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(600, 40))
    seen, unseen = features[:, 3] + 0.2 * rng.normal(size=600), rng.normal(size=600)
    judge = learn_judge(features, np.stack([seen, unseen], 1), [slice(0, 20), slice(20, 40)])
    assert judge.auc[0] > 0.95 and 0.35 < judge.auc[1] < 0.65
    assert (judge.weights[20:, 0] == 0).all(), "told from the part that knows, the other left alone"
    fresh = rng.normal(size=(200, 40))
    scores = judge(torch.from_numpy(fresh).float())[:, 0].numpy()
    assert np.corrcoef(scores, fresh[:, 3])[0, 1] > 0.95
    assert abs(judge(torch.from_numpy(features).float())[:, 0].std().item() - 1) < 0.05


def test_faces_without_labels_help_where_labels_are_few() -> None:
    """Two clusters in many dimensions: 12 labels alone mislead; with the unlabelled the clusters are found."""
    rng = np.random.default_rng(1)
    side = rng.integers(0, 2, 800)
    features = rng.normal(size=(800, 60))
    features[:, :20] += 1.2 * (side[:, None] * 2 - 1)
    few = np.full(800, np.nan)
    few[:24] = side[:24]
    with_all = learn_judge(features, few[:, None], [slice(0, 60)])
    alone = learn_judge(features[:24], few[:24, None], [slice(0, 60)])
    held_out = torch.from_numpy(features[24:]).float()
    together, apart = (auc(j(held_out)[:, 0].numpy(), side[24:] == 1) for j in (with_all, alone))
    assert together > 0.97 and together >= apart
