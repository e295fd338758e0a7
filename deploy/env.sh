# Sets up what the product needs: .venv, and the browser client. Sourced by deploy/up and deploy/test.
# Everything is stamped with a hash of what it was made from, so that a second run has nothing to do.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
venv=$top/.venv
web=$top/realtime/web

# Where a shell keeps Python from writing bytecode, every process compiles everything anew: half of what a start takes.
unset PYTHONDONTWRITEBYTECODE

say() { printf '[%3d s] %s\n' "$SECONDS" "$*"; }

die() {
    printf '%s\n' "$*" >&2
    exit 1
}

# One set-up at a time in this checkout; the lock ends with set_up, or with us. The browser client is built beside the
# Python packages' installation, unless its Node is one of them.
set_up() {
    exec 9<"$top/deploy"
    flock -n 9 || { say "Another set-up runs in this checkout; waiting for it" && flock 9; }
    if has_node; then
        set_up_web &
        # shellcheck disable=SC2064
        trap "kill $! 2>/dev/null" EXIT
        set_up_python "$@"
        wait $! || exit 1
        trap - EXIT
    else
        set_up_python "$@"
        set_up_web
    fi
    exec 9<&-
}

# A distribution's own first: it was compiled with profiles, which version managers leave out unless they are told, and an answer
# costs an eighth less CPU with it. One that cannot make environments comes last.
find_python() {
    local modules name
    for modules in sys,ensurepip,venv sys; do
        for name in /usr/bin/python3 python3.14 python3.13 python3.12 python3.11 python3 python; do
            if "$name" -c "import $modules; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))" 2>/dev/null; then
                "$name" -c 'import os, sys; print(os.path.realpath(sys.executable))'
                return
            fi
        done
    done
    return 1
}

set_up_python() {
    local wanted="" name home
    for name in "$@"; do
        wanted="$wanted $(stamp_of "$top/pyproject.toml" "$top/deploy/env.sh" "$top/deploy/$name.txt")"
    done
    home="$top"
    if [ "$(cat "$venv/.interlock-home" 2>/dev/null || true)" = "$home" ] && holds "$venv/.interlock-$*" "$wanted" &&
        [ -x "$venv/bin/interlock" ]; then
        return
    fi
    make_venv "$home"
    say "Installing Python packages"
    local files=()
    for name in "$@"; do files+=(-r "$top/deploy/$name.txt"); done
    install_packages --no-deps --require-hashes "${files[@]}"
    install_packages --no-deps --editable "$top"
    printf '%s\n' "$wanted" >"$venv/.interlock-$*"
}

make_venv() {
    local python
    if [ -e "$venv/.interlock-home" ] && [ "$(cat "$venv/.interlock-home")" != "$1" ]; then
        say "The environment was made for another place; making it anew"
        rm -rf "$venv"
    fi
    if ! "$venv/bin/python" -c 'import sys' 2>/dev/null; then
        python=$(find_python) || die "Interlock needs Python 3.11 to 3.14, and none was found: install Debian's package python3"
        require_ensurepip "$python"
        say "Making .venv with $("$python" --version)"
        "$python" -m venv --clear "$venv"
    fi
    "$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$venv/bin/python" -m ensurepip >/dev/null
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$top/deploy/requirements-uv.txt"
    printf '%s\n' "$1" >"$venv/.interlock-home"
}

require_ensurepip() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null && return
    local package
    package=python$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv
    may_install || die "This Python cannot make environments: install Debian's package $package (apt-get install $package) and start again"
    install_debian "$package"
}

# uv is ten times as quick; pip knows a mirror or a certificate that pip alone was told of.
install_packages() {
    UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=1 "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" "$@" && return
    say "uv could not do it; trying pip"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
}

set_up_web() {
    if [ ! -e "$web/package.json" ]; then
        say "No browser client here; going on without it"
        return
    fi
    local sources modules
    sources=$(find "$web" \( -name node_modules -o -name dist \) -prune -o -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
    if [ -e "$web/dist/index.html" ] && holds "$web/node_modules/.interlock-built" "$sources"; then
        return
    fi
    find_node
    export NODE_USE_SYSTEM_CA=1 npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false
    modules="$(stamp_of "$web/package.json" "$web/package-lock.json") $(node --version)"
    if ! holds "$web/node_modules/.interlock" "$modules"; then
        say "Installing the browser client's packages"
        local cache=()
        [ -w "${HOME:-/nowhere}" ] || cache=(--cache "$(mktemp -d)")
        (cd "$web" && npm ci --silent --no-progress "${cache[@]}")
        rm -rf "${cache[@]:1}"
        printf '%s\n' "$modules" >"$web/node_modules/.interlock"
    fi
    say "Building the browser client"
    (cd "$web" && npm run --silent build >node_modules/.interlock-log 2>&1) ||
        { cat "$web/node_modules/.interlock-log" >&2 && die "The browser client could not be built, as said above"; }
    printf '%s\n' "$sources" >"$web/node_modules/.interlock-built"
}

# The machine's Node where it is new enough for the build, else one from a Python package.
find_node() {
    has_node && return
    if ! is_new_enough "$venv/bin/node"; then
        say "Installing Node, for this machine has none from version 20.19 on"
        install_packages --no-deps --require-hashes -r "$top/deploy/requirements-node.txt"
    fi
    export PATH="$venv/bin:$PATH"
    hash -r
}

has_node() { is_new_enough node && command -v npm >/dev/null; }

is_new_enough() {
    "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

install_debian() {
    say "Installing Debian's $*"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >/dev/null || say "apt-get update failed; trying with what is known"
    apt-get install -qq -y --no-install-recommends "$@" >/dev/null
}

stamp_of() { cat "$@" | sha256sum | cut -d' ' -f1; }

holds() { [ "$(cat "$1" 2>/dev/null || true)" = "$2" ]; }
