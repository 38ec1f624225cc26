/* Uses an export of two steps called demo in every wrong way. It prints each call that does not
   return the code it should, and how many there were. OTHER is an export of another network. */
#include "demo.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef OTHER
#include "other.h"
#endif

static int calls, wrong;

static void expect(const char *call, long got, long want)
{
    calls++;
    if (got != want) {
        wrong++;
        printf("%s returns %ld, not %ld\n", call, got, want);
    }
}

#define EXPECT(call, want) expect(#call, (long)(call), (want))
/* What is a pointer or has 64 bits. */
#define REFUSES(call, answer) expect(#call, (call) == (answer), 1)

static uint8_t picture[DEMO_IN_SIZE];
static demo_level levels[DEMO_IN_SIZE];
static int32_t out[DEMO_OUT_SIZE], right[DEMO_OUT_SIZE];

/* Every function refuses a handle by one code. */
static void refuses(demo *h, int code)
{
    EXPECT(demo_reset(h), code);
    EXPECT(demo_run(h, picture, out), code);
    EXPECT(demo_run_levels(h, levels, out), code);
    EXPECT(demo_step(h, picture), code);
    EXPECT(demo_step_levels(h, levels), code);
    EXPECT(demo_class(h), code);
    REFUSES(demo_output(h), NULL);
    REFUSES(demo_score(h, 0), DEMO_NO_SCORE);
}

/* The arena is of exactly the size that is said, so that a sanitizer sees what lies beyond. */
static void memory_that_is_no_network(uint32_t size)
{
    static const int fills[] = {0xff, 0x00, 0xa5, 0x01};
    unsigned char *arena = malloc(size + 4u);
    size_t i;
    if (arena == NULL) {
        exit(2);
    }
    for (i = 0; i < sizeof fills / sizeof fills[0]; i++) {
        memset(arena, fills[i], size);
        refuses((demo *)(void *)arena, DEMO_E_INIT);
    }
    refuses((demo *)(void *)(arena + 1), DEMO_E_ALIGN);
    refuses(NULL, DEMO_E_NULL);
    free(arena);
}

static void init(uint32_t *arena)
{
    demo *h = NULL;
    EXPECT(demo_init(NULL, DEMO_ARENA_SIZE, &h), DEMO_E_NULL);
    EXPECT(demo_init(arena, DEMO_ARENA_SIZE, NULL), DEMO_E_NULL);
    EXPECT(demo_init((unsigned char *)arena + 2, DEMO_ARENA_SIZE, &h), DEMO_E_ALIGN);
    EXPECT(demo_init(arena, 0u, &h), DEMO_E_SIZE);
    EXPECT(demo_init(arena, DEMO_ARENA_SIZE - 1u, &h), DEMO_E_SIZE);
    REFUSES(h, NULL);
}

static void arguments(demo *h)
{
    static const int32_t beyond[] = {-1, DEMO_OUT_SIZE, INT32_MIN, INT32_MAX};
    size_t i;
    EXPECT(demo_run(h, NULL, out), DEMO_E_NULL);
    EXPECT(demo_run(h, picture, NULL), DEMO_E_NULL);
    EXPECT(demo_run_levels(h, NULL, out), DEMO_E_NULL);
    EXPECT(demo_run_levels(h, levels, NULL), DEMO_E_NULL);
    EXPECT(demo_step(h, NULL), DEMO_E_NULL);
    EXPECT(demo_step_levels(h, NULL), DEMO_E_NULL);
    for (i = 0; i < sizeof beyond / sizeof beyond[0]; i++) {
        REFUSES(demo_score(h, beyond[i]), DEMO_NO_SCORE);
    }
    levels[DEMO_IN_SIZE - 1] = (demo_level)(-DEMO_IN_LEVELS - 1);
    EXPECT(demo_run_levels(h, levels, out), DEMO_E_LEVEL);
    EXPECT(demo_reset(h), DEMO_OK);
    EXPECT(demo_step_levels(h, levels), DEMO_E_LEVEL);
    levels[DEMO_IN_SIZE - 1] = 0;
}

static void steps(uint32_t *arena)
{
    demo *h = NULL;
    EXPECT(demo_init(arena, DEMO_STEP_ARENA_SIZE, &h), DEMO_OK);
    EXPECT(demo_step(h, picture), DEMO_OK);
    EXPECT(demo_step(h, picture), DEMO_OK);
    EXPECT(demo_step(h, picture), DEMO_E_DONE);
    EXPECT(demo_step_levels(h, levels), DEMO_E_DONE);
    arguments(h);
}

/* An arena whose head was overwritten: the count of steps, then the number before it. */
static void overwritten(uint32_t *arena)
{
    static const uint32_t counts[] = {0xffffffffu, DEMO_TIMESTEPS + 1u, 0x7fffffffu, 0x80000000u};
    demo *h = NULL;
    size_t i;
    for (i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        EXPECT(demo_init(arena, DEMO_STEP_ARENA_SIZE, &h), DEMO_OK);
        arena[1] = counts[i];
        refuses(h, DEMO_E_INIT);
    }
    EXPECT(demo_init(arena, DEMO_STEP_ARENA_SIZE, &h), DEMO_OK);
    arena[0] ^= 0x100u;
    refuses(h, DEMO_E_INIT);
}

int main(void)
{
    static uint32_t arena[DEMO_STEP_ARENA_SIZE / 4u];
    demo *h = NULL;
    size_t i;
    for (i = 0; i < DEMO_IN_SIZE; i++) {
        picture[i] = (uint8_t)(i * 7u);
    }
    EXPECT(demo_init(arena, DEMO_ARENA_SIZE, &h), DEMO_OK);
    EXPECT(demo_run(h, picture, right), DEMO_OK);
    memory_that_is_no_network(DEMO_ARENA_SIZE);
    memory_that_is_no_network(16u + 4u * DEMO_OUT_SIZE); /* room for the head alone */
    init(arena);
    steps(arena);
    overwritten(arena);
    if (DEMO_ARENA_SIZE < DEMO_STEP_ARENA_SIZE) {
        EXPECT(demo_init(arena, DEMO_ARENA_SIZE, &h), DEMO_OK);
        EXPECT(demo_step(h, picture), DEMO_E_SIZE);
        EXPECT(demo_step_levels(h, levels), DEMO_E_SIZE);
    }
#ifdef OTHER
    {
        static uint32_t others[OTHER_STEP_ARENA_SIZE / 4u];
        other *o = NULL;
        EXPECT(other_init(others, OTHER_STEP_ARENA_SIZE, &o), OTHER_OK);
        refuses((demo *)(void *)o, DEMO_E_INIT);
    }
#endif
    /* After all that it answers as before. */
    EXPECT(demo_init(arena, DEMO_ARENA_SIZE, &h), DEMO_OK);
    EXPECT(demo_run(h, picture, out), DEMO_OK);
    EXPECT(memcmp(out, right, sizeof out), 0);
    printf("%d calls, %d wrong\n", calls, wrong);
    return wrong != 0;
}
