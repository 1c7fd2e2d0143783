"""The forms by which people write what the directory says of them."""
