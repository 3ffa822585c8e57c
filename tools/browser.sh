#!/bin/sh
# Browser tests use Debian's chromium. As root it is installed here; otherwise they skip, and say so loudly.
set -u
ready() { command -v chromium >/dev/null 2>&1 && ldconfig -p 2>/dev/null | grep -q libatomic.so.1; }
ready && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing chromium for the browser tests (once) ..."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        chromium libatomic1 fonts-wqy-microhei >/dev/null
fi
ready || echo "*** NO CHROMIUM: the browser tests WILL BE SKIPPED (apt-get install chromium libatomic1 fonts-wqy-microhei) ***" >&2
exit 0
