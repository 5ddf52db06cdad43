# The toolchain file of whichever Emscripten there is: that of the PATH, of an emsdk (EMSDK), or Debian's.
find_program(LOCKSTEP_EMXX em++ HINTS $ENV{EMSDK}/upstream/emscripten PATHS /usr/share/emscripten)
if(NOT LOCKSTEP_EMXX)
    message(FATAL_ERROR
        "No em++ was found. Install Emscripten 3.1.6 or later: by `npm run setup` on Debian, or by emsdk.")
endif()
get_filename_component(emscripten_root ${LOCKSTEP_EMXX} REALPATH)
get_filename_component(emscripten_root ${emscripten_root} DIRECTORY)
include(${emscripten_root}/cmake/Modules/Platform/Emscripten.cmake)
