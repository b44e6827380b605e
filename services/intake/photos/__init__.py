"""Citizens' photos: taken, cleaned of all that they say beside the picture, stored, shown by signed links."""
