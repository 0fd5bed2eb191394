"""What the training makes small: the distance to the teacher's vector, and to its picture of who is near whom."""

import numpy as np

TEMPERATURE = np.float32(0.05)
RELATION_WEIGHT = np.float32(0.3)


def softmax_without_self(similarities: np.ndarray) -> np.ndarray:
    scaled = similarities / TEMPERATURE
    np.fill_diagonal(scaled, -np.inf)
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def loss_and_gradient(x: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """mean(1 − x·y) + 0.3 · KL(teacher's neighbours ‖ ours) over a batch of unit rows, and its gradient in x."""
    size = len(x)
    wanted, found = softmax_without_self(y @ y.T), softmax_without_self(x @ x.T)
    tiny = np.float32(1e-30)
    divergence = float((wanted * np.log((wanted + tiny) / (found + tiny))).sum() / size)
    # Each similarity x_i·x_j stands in row i and in row j, hence both the difference and its transpose.
    difference = (found - wanted) / (TEMPERATURE * size)
    gradient = -y / size + RELATION_WEIGHT * (difference + difference.T) @ x
    return float(1 - (x * y).sum(axis=1).mean()) + float(RELATION_WEIGHT) * divergence, gradient


def through_normalisation(gradient: np.ndarray, x: np.ndarray, norms: np.ndarray) -> np.ndarray:
    return (gradient - (gradient * x).sum(axis=1, keepdims=True) * x) / norms
