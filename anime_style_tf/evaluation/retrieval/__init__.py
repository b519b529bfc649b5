"""Who finds whom: nearest neighbors, exact and streamed, and what is measured of them."""
