# Puts a fault into a copy of one of the product's sources. A fault whose text is not found exactly once stops the build: it would
# prove nothing. Called with FAULT, ROOT and OUT.
include(${FAULT})
file(READ ${ROOT}/${source} text)
string(FIND "${text}" "${from}" first)
string(FIND "${text}" "${from}" last REVERSE)
if(first EQUAL -1 OR NOT first EQUAL last)
    message(FATAL_ERROR "${FAULT}: its text must stand exactly once in ${source}. Has the source changed? Then so must the fault.")
endif()
string(REPLACE "${from}" "${to}" mutated "${text}")
file(WRITE ${OUT} "${mutated}")
