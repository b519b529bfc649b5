"""How anything is trained; knows no model."""
