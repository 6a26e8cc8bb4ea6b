"""Attacks by injected text, played through the real agents by a model that obeys every one of them."""
