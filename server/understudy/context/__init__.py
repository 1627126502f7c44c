"""What the model is shown. Knows source code and workspaces; knows no model: the token counter is an argument."""
