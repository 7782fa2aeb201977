# Terraform's runs with the provider in the image: `docker build --build-arg VERSION=0.1.0 --build-arg PLATFORM=linux_amd64 .`
# after `make dist`. Where runs may not reach a registry, this is the mirror that they use.
ARG TERRAFORM=1.11.4
FROM hashicorp/terraform:${TERRAFORM} AS terraform

FROM debian:bookworm-slim
ARG VERSION
ARG PLATFORM=linux_amd64
COPY --from=terraform /bin/terraform /usr/local/bin/terraform
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates git unzip \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 10001 veil
COPY dist/terraform-provider-veil_${VERSION}_${PLATFORM}.zip \
     /usr/local/share/terraform/plugins/registry.terraform.io/veil-data/veil/
# The veil command, beside the Python that it runs in.
RUN unzip -q /usr/local/share/terraform/plugins/registry.terraform.io/veil-data/veil/*.zip -d /opt/veil \
 && printf '#!/bin/sh\nexec /opt/veil/veil "$@"\n' > /usr/local/bin/veil \
 && chmod 755 /usr/local/bin/veil
USER veil
WORKDIR /work
ENTRYPOINT ["terraform"]
