"""Everything that judges the templates, the workflows and the sources without running them."""
