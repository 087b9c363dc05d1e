"""Directions of sliders: what a push moves beside its own attribute is taken out, as far as it can be had apart."""

import torch

from training.trainers.sliders import FOLLOWS, unmixed


def test_what_follows_too_much_is_taken_out_and_the_rest_left() -> None:
    response = torch.eye(4, dtype=torch.double) * 0.9
    response[0, 1], response[1, 0], response[2, 3], response[3, 0] = 0.4, 0.1, -0.35, 0.2
    assert response[0, 1] / response[0, 0] > FOLLOWS
    left = unmixed(response) @ response
    beside = left - torch.diag(left.diagonal())
    assert torch.allclose(left.diagonal(), torch.ones(4, dtype=torch.double))
    assert beside.abs().max() < FOLLOWS + 0.02
    assert abs(beside[1, 0] - response[1, 0] / 0.9) < 0.02, "a little may follow, or the face would pay for it"


def test_two_names_of_one_attribute_stay_together() -> None:
    """As "bright" and "dim" of captions: no mixture moves one and not the other."""
    response = torch.tensor([[1.0, -1.0, 0.4], [-1.0, 1.0, 0.0], [0.0, 0.0, 1.0]], dtype=torch.double)
    mixture = unmixed(response)
    left = mixture @ response
    assert torch.isfinite(mixture).all() and mixture.abs().max() < 3
    assert left[0, 0] > 0.5 and left[0, 1] < -0.5
    assert left[0, 2].abs() < 0.3, "what else follows is taken out all the same"


def test_a_slider_that_moves_nothing_spoils_no_other() -> None:
    response = torch.eye(3, dtype=torch.double)
    response[1] = torch.tensor([1e-9, -1e-9, 0.0])
    mixture = unmixed(response)
    assert torch.isfinite(mixture).all() and mixture.abs().max() < 5
