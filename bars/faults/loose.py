"""Scripts written into a page may run."""

from csp.constants import SELF, UNSAFE_INLINE

from manyi.settings import *  # noqa: F403
from manyi.settings import CONTENT_SECURITY_POLICY

CONTENT_SECURITY_POLICY["DIRECTIVES"]["script-src"] = [SELF, UNSAFE_INLINE]
