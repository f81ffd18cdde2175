#!/usr/bin/env bash
# base-image.sh IMAGE CLIENT...: brings the base image to the client's engine: pulls it, or, if no registry provides it and it is
# one of Debian's own, builds it from Debian's packages.
set -euo pipefail
# shellcheck source=tools/machine/lib.sh
. "$(dirname "$0")/lib.sh"

image=$1
client=("${@:2}")

make_image() {
    local suite=$1 folder
    folder=$(mktemp -d -p /var/tmp)
    # shellcheck disable=SC2064  # expand now: the variable is local
    trap "rm -rf '$folder'" EXIT
    { command -v debootstrap && [ -e /usr/share/keyrings/debian-archive-keyring.gpg ]; } > /dev/null || {
        apt-get --option DPkg::Lock::Timeout=300 update --quiet
        DEBIAN_FRONTEND=noninteractive apt-get --option DPkg::Lock::Timeout=300 install --quiet --yes --no-install-recommends debian-archive-keyring debootstrap
    }
    debootstrap --force-check-gpg --keyring=/usr/share/keyrings/debian-archive-keyring.gpg --variant=minbase "$suite" "$folder/root"
    rm -rf "$folder"/root/var/cache/apt/archives/*.deb "$folder"/root/var/lib/apt/lists/* "$folder"/root/usr/share/{doc,info,man,locale}
    # Like the official slim image: no documentation, now or in later installations.
    printf 'path-exclude /usr/share/%s/*\n' doc info man locale > "$folder/root/etc/dpkg/dpkg.cfg.d/slim"
    # debootstrap lists only the release: add updates and security fixes.
    sed -E -i "p; s/ $suite / $suite-updates /p; s#/debian/? $suite-updates #/debian-security $suite-security #" "$folder/root/etc/apt/sources.list"
    tar -C "$folder/root" -c . | "${client[@]}" import --change 'CMD ["bash"]' - "$image"
}

is_there() {
    local status=0
    timeout 60 "${client[@]}" image inspect "$image" > /dev/null 2>&1 || status=$?
    ((status != 124)) || fail "The engine does not respond: ${client[*]} image inspect $image gave no answer within 60 s."
    return "$status"
}

! is_there || exit 0
one_at_a_time /var/tmp
! is_there || exit 0
say "Getting the base image $image ..."
! refused=$(timeout 600 "${client[@]}" pull --quiet "$image" 2>&1) || exit 0
refused=${refused:-There was no answer within 600 s.}
refused=${refused##*$'\n'}
[[ "$image" != *@* ]] || fail "No registry gives $image, and an image with a digest cannot be built here. Give the engine access to the registry, or drop the digest: pulumi config set baseImage ${image%@*}"$'\n'"$refused"
[[ "$image" =~ ^(docker\.io/library/)?debian:([a-z]+)-slim$ ]] || fail "The base image $image is not on the engine, and no registry gives it. Load it there, or: pulumi config rm baseImage"$'\n'"$refused"
suite=${BASH_REMATCH[2]}
if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
    fail "No registry gives $image, and only root on a Debian machine can build it: sudo tools/machine/base-image.sh $image ${client[*]}"$'\n'"$refused"
fi
progress "No registry gives it; building it from Debian's packages, about a minute" make_image "$suite"
