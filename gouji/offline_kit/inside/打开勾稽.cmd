@echo off
rem A round's folder may be dropped upon this file. Chinese stands in last lines only, as in the other one.
chcp 65001 >nul
setlocal
if not exist "%~dp0program\env\installed" goto missing
"%~dp0program\env\Scripts\python.exe" -P "%~dp0program\open_desk.py" "%~1"
set "STATUS=%ERRORLEVEL%"
if not "%STATUS%"=="0" pause
exit /b %STATUS%

:missing
echo 还没有安装，或者没有装完。请双击“安装.cmd”。& pause & exit /b 2
