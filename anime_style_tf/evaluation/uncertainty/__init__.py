"""How sure a number is: intervals, calibration, and the form in which measurements are kept."""
