# Java with the programs that a run in network namespaces or in a pod needs. scripts/image.sh builds it, and puts the jar on top.
ARG JAVA
FROM ${JAVA}
# names of packages, or files in the context's folder `packages`: then nothing is asked of an archive
ARG PACKAGES
COPY packages /packages
RUN set -e; export DEBIAN_FRONTEND=noninteractive; \
    ls /packages/*.deb 2>/dev/null || apt-get update -q -o APT::Update::Error-Mode=any; \
    apt-get install -q -y --no-install-recommends ${PACKAGES}; \
    rm -rf /packages /var/lib/apt/lists/* /var/cache/apt/* /var/log/*
# what is no package: Envoy, where there is one
COPY programs /usr/local/bin
