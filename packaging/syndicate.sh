#!/bin/sh
# As /usr/local/bin/syndicate: each command as the user, and with the configuration and the secrets, of syndicate.service.
set -a
SYNDICATE_CONFIG=/etc/syndicate/config.toml
[ ! -r /etc/syndicate/secrets ] || . /etc/syndicate/secrets
exec runuser -u syndicate -- /opt/syndicate/bin/syndicate "$@"
