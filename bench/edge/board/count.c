/* Runs an export's self-test, which has one vector, and prints how long that took: on RISC-V
   in instructions, on Cortex-M in ticks of the system timer. */
#include <stdint.h>
#include <stdio.h>

int SELFTEST(void);

#ifdef __riscv

static void start(void)
{
}

static uint64_t count(void)
{
    uint32_t high, low, again;
    do {
        __asm__ volatile("csrr %0, minstreth" : "=r"(high));
        __asm__ volatile("csrr %0, minstret" : "=r"(low));
        __asm__ volatile("csrr %0, minstreth" : "=r"(again));
    } while (high != again);
    return (uint64_t)high << 32 | low;
}

#else

#define CONTROL (*(volatile uint32_t *)0xE000E010u)
#define RELOAD (*(volatile uint32_t *)0xE000E014u)
#define VALUE (*(volatile uint32_t *)0xE000E018u)
#define VECTORS (*(volatile uint32_t *)0xE000ED08u)
#define PERIOD 0x1000000u
#define TICK 15 /* the vector of the system timer */

static uint32_t vectors[16] __attribute__((aligned(128)));
static volatile uint32_t periods;

static void tick(void)
{
    periods++;
}

/* The timer counts down from PERIOD - 1 and then interrupts. */
static void start(void)
{
    const volatile uint32_t *old = (const volatile uint32_t *)VECTORS;
    int i;
    for (i = 0; i < 16; i++) {
        vectors[i] = old[i];
    }
    vectors[TICK] = (uint32_t)tick;
    VECTORS = (uint32_t)vectors;
    RELOAD = PERIOD - 1u;
    VALUE = 0u;
    CONTROL = 7u; /* the processor's clock, interrupts, on */
    while (VALUE == 0u) {
    }
}

static uint64_t count(void)
{
    uint32_t before, value;
    do {
        before = periods;
        value = VALUE;
    } while (before != periods);
    return (uint64_t)before * PERIOD + (PERIOD - 1u - value);
}

#endif

int main(void)
{
    uint64_t begin, end;
    int wrong;
    start();
    begin = count();
    wrong = SELFTEST();
    end = count();
    if (wrong == 0) {
        printf("count %lu\n", (unsigned long)(end - begin));
    }
    return wrong != 0;
}
