"""How far generated images are from works: sets against sets, in numbers that need no judge."""
