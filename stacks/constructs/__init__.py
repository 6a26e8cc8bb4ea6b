"""Parts of stacks that are used more than once or have one idea of their own."""
