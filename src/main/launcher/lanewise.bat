@echo off
rem Runs the command line: finds a JDK 25 or newer and starts it with the Vector API.
setlocal enableextensions disabledelayedexpansion
set "home=%~dp0"
set "java="

if not defined LANEWISE_JAVA goto :search
rem An explicit choice is used or refused, never passed over. It may name the executable or its JDK.
call :try "%LANEWISE_JAVA%"
if not defined java call :try "%LANEWISE_JAVA%\bin\java.exe"
if defined java goto :run
echo lanewise: LANEWISE_JAVA=%LANEWISE_JAVA%; expected a JDK 25 or newer 1>&2
exit /b 1

:search
if defined JAVA_HOME call :try "%JAVA_HOME%\bin\java.exe"
if not defined java for %%j in (java.exe) do call :try "%%~$PATH:j"
if not defined java for /d %%d in (
  "%ProgramFiles%\Java\*" "%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Microsoft\jdk*"
  "%ProgramFiles%\Zulu\*" "%ProgramFiles%\Amazon Corretto\*" "%USERPROFILE%\.jdks\*"
) do if not defined java call :try "%%~d\bin\java.exe"
if defined java goto :run
echo lanewise: no JDK 25 or newer found; set LANEWISE_JAVA or JAVA_HOME to one 1>&2
exit /b 1

:run
"%java%" --add-modules jdk.incubator.vector "-Dlanewise.data=%home%data" -cp "%home%lib\*" dev.lanewise.cli.Main %*
exit /b %errorlevel%

rem Takes a java executable if its feature version is 25 or newer.
:try
if "%~1"=="" exit /b 0
if not exist "%~1" exit /b 0
if exist "%~1\" exit /b 0
for /f "tokens=3 delims= " %%v in ('call "%~1" -version 2^>^&1 ^| findstr /r /c:" version "') do (
  for /f "tokens=1 delims=.-" %%m in ("%%~v") do if %%m geq 25 set "java=%~1"
)
exit /b 0
