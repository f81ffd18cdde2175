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

# A folder beside the installed versions, so that what is built in it can be moved.
building=$home/spark-cluster.partial

# Builds both programs in one run of Go, which compiles what they have in common once, and installs those that are missing.
build() {
    command -v go > /dev/null || fail "Pulumi could not be downloaded:" "$(tail -n 5 "$download_log")" \
        $'\n'"To build it instead, install Go 1.26 or newer."
    rm -rf "$building"
    mkdir -p "$building/bin" "$building/cli/bin" "$building/plugin"
    trap 'rm -rf "$download_log" "$building"' EXIT
    progress "Building the Pulumi CLI $cli_version and Pulumi's Docker plugin $plugin_version" go_build
    mv "$building/bin/pulumi" "$building/cli/bin/"
    touch "$building/cli/built-here"
    mv "$building/bin/spark-cluster" "$building/plugin/pulumi-resource-docker"
    complete || install_built "$building/cli" "$cli"
    has_plugin || install_built "$building/plugin" "$plugin"
}

install_built() {
    rm -rf "$2"
    mkdir -p "${2%/*}"
    mv "$1" "$2"
}

# Without cgo, as Pulumi builds its own releases, and without debugging information, which -s and -w would only drop at the end.
go_build() {
    local module="$root/tools/pulumi/docker-provider"
    quick_provider "$module"
    CGO_ENABLED=0 go -C "$module" build -modfile="$building/go.mod" -trimpath -tags no_compose -gcflags=all=-dwarf=false -o "$building/bin/" \
        -ldflags "-s -w -X main.version=$plugin_version -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v$cli_version" \
        . github.com/pulumi/pulumi/pkg/v3/cmd/pulumi
}

# Builds the Docker provider from a copy, in which
# - a network is read at once: the provider waits for two seconds first, even for a new one;
# - what it reads is logged as one line: Pulumi's bridge passes each line on by a call of its own, some 300 for a container's JSON.
quick_provider() {
    local provider resources
    go -C "$1" mod download github.com/terraform-providers/terraform-provider-docker
    provider=$(go -C "$1" list -m -f '{{.Dir}}' github.com/terraform-providers/terraform-provider-docker)
    cp -R "$provider" "$building/provider"
    chmod -R u+w "$building/provider"
    resources=$building/provider/internal/provider/resource_docker
    # The suffix is for macOS, whose -i requires one.
    sed -i.original -e 's/\(networkReadRefreshDelay *= \)2 \* time\.Second/\10/' \
        -e 's/json\.MarshalIndent(\([A-Za-z]*\), "", "\\t")/json.Marshal(\1)/' "$resources"_*.go
    if ! grep -q 'networkReadRefreshDelay *= 0$' "${resources}_network_funcs.go" ||
        ! grep -q 'json\.Marshal(container)' "${resources}_container_funcs.go"; then
        fail "The Docker provider no longer has what tools/machine/pulumi.sh edits."
    fi
    cp "$1/go.mod" "$1/go.sum" "$building/"
    go mod edit -replace "github.com/terraform-providers/terraform-provider-docker=$building/provider" "$building/go.mod"
}

# runs FOLDER PROGRAM ANSWER ARGUMENTS...: whether a program answers. The answer is remembered until the program changes.
runs() {
    local program=$1/$2 answer=$3 mark=$1/.runs seen
    seen=$(stat --format "$answer %s %Y" "$program" 2> /dev/null) || seen= # macOS has another stat
    [ -z "$seen" ] || [ "$(cat "$mark" 2> /dev/null)" != "$seen" ] || return 0
    [ "$("$program" "${@:4}" 2> /dev/null)" = "$answer" ] || return
    [ -z "$seen" ] || { printf '%s\n' "$seen" > "$mark"; } 2> /dev/null || true
}

# An interrupted download leaves a program that does not run, or that lacks its companions.
complete() {
    runs "$cli" bin/pulumi "v$cli_version" version || return
    [ -e "$cli/built-here" ] || { [ -x "$cli/bin/pulumi-language-nodejs" ] && [ -x "$cli/bin/pulumi-resource-pulumi-nodejs" ]; }
}

has_plugin() { runs "$plugin" pulumi-resource-docker "$plugin_version" --version; }

if ! complete || ! has_plugin; then one_at_a_time; fi
if ! complete; then
    rm -rf "$cli"
    say "Getting the Pulumi CLI $cli_version ..."
    timeout 600 "$launcher" version > "$download_log" 2>&1 || build
fi
if [ -e "$cli/built-here" ]; then
    # Copies edited scripts too.
    for script in "$root"/tools/pulumi/bin/*; do
        cmp -s "$script" "$cli/bin/${script##*/}" || install -m 755 "$script" "$cli/bin/"
    done
fi
if ! has_plugin; then
    say "Getting Pulumi's Docker plugin $plugin_version ..."
    timeout 600 "$launcher" plugin install resource docker "v$plugin_version" > "$download_log" 2>&1 || build
fi
