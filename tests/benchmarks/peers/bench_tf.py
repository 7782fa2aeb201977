"""The same resource, written on the package `tf`."""

import tf.iface
import tf.runner
import tf.schema
import tf.types


class Thing:
    def __init__(self, provider):
        self.provider = provider

    @classmethod
    def get_name(cls):
        return "thing"

    @classmethod
    def get_schema(cls):
        return tf.schema.Schema(
            attributes=[
                tf.schema.Attribute("id", tf.types.String(), computed=True),
                tf.schema.Attribute("name", tf.types.String(), required=True),
            ]
        )

    def validate(self, diags, type_name, config):
        return None

    def create(self, ctx, planned):
        return {"id": f"id of {planned['name']}", "name": planned["name"]}

    def read(self, ctx, current):
        return current

    def update(self, ctx, current, planned):
        return planned

    def delete(self, ctx, current):
        return None

    def plan(self, ctx, current, planned):
        return planned

    def upgrade(self, ctx, version, old):
        return old


class Bench(tf.iface.Provider):
    def get_model_prefix(self):
        return "bench_"

    def get_provider_schema(self, diags):
        return tf.schema.Schema(attributes=[])

    def full_name(self):
        return "test/bench"

    def validate_config(self, diags, config):
        return None

    def configure_provider(self, diags, config):
        return None

    def get_data_sources(self):
        return []

    def get_resources(self):
        return [Thing]


if __name__ == "__main__":
    tf.runner.run_provider(Bench())
