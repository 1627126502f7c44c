"""How a model is reached. Knows models and the network; knows neither files nor editors."""
