"""A training that takes a moment."""

SETTINGS = {
    "training.steps": 20,
    "training.log-every": 10,
    "training.batch": 2,
    "training.validation": 3,
    "network.channels": [1, 1, 1],
    "network.kernel": [3, 3],
    "data.noisti.size": 16,
    "polish.budget": 0,
}
