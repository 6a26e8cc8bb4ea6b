"""What runs in the cloud, as zip files built without Docker from the project's own lock."""
