/* Runs an export on inputs from standard input and writes what its layers put out, and its
   outputs, to standard output: integers of 32 bits, low bytes first. It is not part of the
   export; ann2snn compiles it with the names below defined. */
#include HEADER
#include <stdio.h>
#include <stdlib.h>

static uint32_t at_once[ARENA_BYTES / 4u], by_step[STEP_ARENA_BYTES / 4u];

static int get(int32_t *v)
{
    unsigned char b[4];
    if (fread(b, 1, 4, stdin) != 4) {
        return 0;
    }
    *v = (int32_t)((uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24);
    return 1;
}

static void put(int32_t v)
{
    const uint32_t u = (uint32_t)v;
    putchar((int)(u & 255u));
    putchar((int)(u >> 8 & 255u));
    putchar((int)(u >> 16 & 255u));
    putchar((int)(u >> 24 & 255u));
}

void TRACE(int32_t layer, int32_t step, int32_t element, int32_t n, int32_t level)
{
    if (element == 0) {
        put(layer);
        put(step);
        put(n);
    }
    put(level);
}

static void run(uint32_t *arena, uint32_t size, const INPUT_TYPE *in)
{
    static int32_t out[OUT_SIZE];
    NETWORK *h;
    int32_t i;
    if (INIT(arena, size, &h) != 0 || RUN(h, in, out) != 0) {
        exit(3);
    }
    put(-1);
    put(0);
    put(OUT_SIZE);
    for (i = 0; i < OUT_SIZE; i++) {
        put(out[i]);
    }
}

int main(void)
{
    static INPUT_TYPE in[IN_SIZE];
    int32_t v, i = 0;
    while (get(&v)) {
        in[i] = (INPUT_TYPE)v;
        i++;
        if (i == IN_SIZE) {
            run(at_once, ARENA_BYTES, in);
            run(by_step, STEP_ARENA_BYTES, in);
            i = 0;
        }
    }
    return 0;
}
