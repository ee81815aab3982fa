"""A round as a folder: its settings (勾稽.toml), its places, how it is begun and how it stands."""
