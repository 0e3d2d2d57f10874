"""The traveller's screens: a `View` becomes a `Page`. PURE: where everything stands is known without a window."""
