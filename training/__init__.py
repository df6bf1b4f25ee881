"""Makes the embedded models from openly licensed drawings: painter, CLIP and the judge that measures them."""
