/* What the page calls: the network's input, and a function that runs it. */
#include "net.h"

static uint32_t arena[NET_ARENA_SIZE / 4u];
static uint8_t input[NET_IN_SIZE];
static int32_t output[NET_OUT_SIZE];

__attribute__((export_name("input"))) uint8_t *web_input(void)
{
    return input;
}

/* Returns the outputs for the picture at input, or null. */
__attribute__((export_name("run"))) const int32_t *web_run(void)
{
    net *n;
    if (net_init(arena, sizeof arena, &n) != NET_OK || net_run(n, input, output) != NET_OK) {
        return NULL;
    }
    return output;
}
