"""What every agent stands on: the runtime harness, models, gateway, sandboxed work and guards."""
