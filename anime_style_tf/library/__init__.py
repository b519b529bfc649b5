"""What a trained run can be asked: codes, neighbors, artists."""
