// The one main of the native tests.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
