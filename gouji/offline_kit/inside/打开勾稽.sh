#!/bin/sh
# 打开勾稽.sh [FOLDER OF A ROUND]
here=$(dirname -- "$(readlink -f -- "$0")")
if [ ! -e "$here/program/env/installed" ]; then
  echo '还没有安装，或者没有装完。请运行“安装.sh”。' >&2
  exit 2
fi
exec "$here/program/env/bin/python" -P "$here/program/open_desk.py" "$@"
