@echo off
rem Chinese stands in last lines only: cmd may lose its place in a file after a line of several bytes to a sign.
chcp 65001 >nul
setlocal
set "PYTHON="
py -{{ python }} -c "" >nul 2>nul && set "PYTHON=py -{{ python }}"
if not defined PYTHON python -c "import sys; sys.exit(sys.version_info[:2] != ({{ python | replace('.', ', ') }}))" >nul 2>nul && set "PYTHON=python"
if not defined PYTHON goto missing
%PYTHON% -I "%~dp0program\install.py"
set "STATUS=%ERRORLEVEL%"
pause
exit /b %STATUS%

:missing
echo 没有找到 Python {{ python }}（64 位）。请照“先看这里.html”装上，再双击“安装.cmd”。& pause & exit /b 2
