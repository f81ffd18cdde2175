#!/usr/bin/env bash
# Installs the Pulumi CLI, its Node language host and the Docker plugin where `npx pulumi` looks for them: downloads them from
# Pulumi, or builds them from Go modules if the download fails. A build is moved into place once it is complete.
set -euo pipefail
# shellcheck source=tools/machine/lib.sh
. "$(dirname "$0")/lib.sh"

cli_version=$(pinned pulumi)
plugin_version=$(pinned @pulumi/docker)
home=${PULUMI_HOME:-$HOME/.pulumi}
cli=$home/versions/$cli_version
plugin=$home/plugins/resource-docker-v$plugin_version
launcher=$root/node_modules/.bin/pulumi
download_log=$(mktemp)
trap 'rm -f "$download_log"' EXIT
export PULUMI_SKIP_UPDATE_CHECK=true

go_build() {
    local folder=$1
    shift
    command -v go > /dev/null || fail "Pulumi could not be downloaded:" "$(tail -n 5 "$download_log")" \
        $'\n'"To build it instead, install Go 1.26 or newer."
    (cd "$root/tools/pulumi/$folder" && go build -trimpath "$@")
}

build_cli() {
    local partial=$cli.partial
    rm -rf "$partial"
    mkdir -p "$partial/bin"
    progress "Building the Pulumi CLI $cli_version, about 5 minutes" go_build cli -o "$partial/bin/pulumi" \
        -ldflags "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v$cli_version" \
        github.com/pulumi/pulumi/pkg/v3/cmd/pulumi
    touch "$partial/built-here"
    rm -rf "$cli"
    mv "$partial" "$cli"
}

build_plugin() {
    local partial=$plugin.partial
    rm -rf "$partial"
    mkdir -p "$partial"
    progress "Building Pulumi's Docker plugin $plugin_version, about 5 minutes" go_build docker-provider \
        -o "$partial/pulumi-resource-docker" -tags no_compose -ldflags "-s -w -X main.version=$plugin_version"
    rm -rf "$plugin"
    mv "$partial" "$plugin"
}

# An interrupted download leaves a program that does not run, or that lacks its companions.
complete() {
    [ "$("$cli/bin/pulumi" version 2> /dev/null)" = "v$cli_version" ] || return
    [ -e "$cli/built-here" ] || { [ -x "$cli/bin/pulumi-language-nodejs" ] && [ -x "$cli/bin/pulumi-resource-pulumi-nodejs" ]; }
}

has_plugin() { [ "$("$plugin/pulumi-resource-docker" --version 2> /dev/null)" = "$plugin_version" ]; }

if ! complete || ! has_plugin; then one_at_a_time; fi
if ! complete; then
    rm -rf "$cli"
    say "Getting the Pulumi CLI $cli_version ..."
    timeout 600 "$launcher" version > "$download_log" 2>&1 || build_cli
fi
if [ -e "$cli/built-here" ]; then
    # Copies edited scripts too.
    for script in "$root"/tools/pulumi/bin/*; do
        cmp -s "$script" "$cli/bin/${script##*/}" || install -m 755 "$script" "$cli/bin/"
    done
fi
if ! has_plugin; then
    say "Getting Pulumi's Docker plugin $plugin_version ..."
    timeout 600 "$launcher" plugin install resource docker "v$plugin_version" > "$download_log" 2>&1 || build_plugin
fi
