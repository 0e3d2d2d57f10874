"""What stations and headquarters say to one another: topics, payloads, their one written form. PURE (docs/asyncapi.yaml)."""
