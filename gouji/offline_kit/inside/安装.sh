#!/bin/sh
# From a file manager or a terminal, wherever one stands.
here=$(dirname -- "$(readlink -f -- "$0")")
for python in python{{ python }} python3; do
  if "$python" -c 'import sys; sys.exit(sys.version_info[:2] != ({{ python | replace('.', ', ') }}))' 2>/dev/null; then
    exec "$python" -I "$here/program/install.py"
  fi
done
echo '没有找到 Python {{ python }}。请照“先看这里.html”装上，再运行“安装.sh”。' >&2
exit 2
