"""The forge: a local GitHub over real bare git repositories, with webhooks and Actions."""
