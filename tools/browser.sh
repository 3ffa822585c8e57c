#!/bin/sh
# What the tests need from Debian: chromium for the browser tests, strace for one bar. As root it is installed here;
# otherwise those tests skip, and say so loudly.
set -u
PACKAGES="chromium libatomic1 fonts-wqy-microhei strace"
ready() {
    command -v chromium >/dev/null 2>&1 && command -v strace >/dev/null 2>&1 &&
        ldconfig -p 2>/dev/null | grep -q libatomic.so.1
}
ready && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing $PACKAGES for the tests (once) ..."
    # shellcheck disable=SC2086 # a list of packages
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $PACKAGES >/dev/null
fi
ready || echo "*** BROWSER TESTS WILL BE SKIPPED: apt-get install $PACKAGES ***" >&2
exit 0
