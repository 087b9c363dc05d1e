"""The same job with other settings."""

import pytest

from studio.core.errors import BadInput
from studio.jobs.changes import changed, settings_of
from studio.jobs.spec import SPECS, ArtSpec, FacesSpec
from studio.jobs.task import TaskSpec

FACES = FacesSpec(data=("/a",), name="anna", images=100)


def test_settings_change_by_name() -> None:
    made = changed(FACES, {"lr": "1e-4", "images": "500", "name": "ben", "gamma": "3"})
    assert made == FacesSpec(data=("/a",), name="ben", images=500, lr=1e-4, gamma=3.0)
    task = TaskSpec(task="walk", settings={"seconds": 2.0, "one_way": False, "easing": "even"}, files={"x": "/x"})
    assert (
        changed(task, {"one_way": "true", "easing": "smooth"}).to_json()
        == (
            TaskSpec(task="walk", settings={"seconds": 2.0, "one_way": True, "easing": "smooth"}, files={"x": "/x"})
        ).to_json()
    )


@pytest.mark.parametrize("recipe", SPECS)
def test_settings_as_text_change_nothing(recipe: str) -> None:
    spec = SPECS[recipe](data=("/a",))
    assert changed(spec, settings_of(spec)) == spec
    assert "data" not in settings_of(spec)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"images": "many"}, "a whole number"),
        ({"images": "1.5"}, "a whole number"),
        ({"lr": ""}, "give a number"),
        ({"lr": "7"}, "must be above 0"),
        ({"data": "/b"}, "no setting 'data'"),
        ({"styles": "x"}, "no setting 'styles'"),
    ],
)
def test_what_is_no_such_setting_is_said(change: dict[str, str], word: str) -> None:
    with pytest.raises(BadInput, match=word):
        changed(ArtSpec(data=("/a",)), change)
