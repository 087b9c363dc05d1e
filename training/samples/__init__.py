"""The example pictures that ship with Easel, drawn by program from a seed, so that no one else's rights are in them."""
