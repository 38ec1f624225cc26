//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// SDOT(m, n, d) is SDOT Vd.4S, Vn.16B, Vm.16B, which the assembler does not know.
#define SDOT(m, n, d) WORD $(0x4E809400 | (m)<<16 | (n)<<5 | (d))

// Registers: R0 tile, R1-R4 windows, R5 weights, R6 their step, R7 gaps, R8 runs left,
// R9 bytes left in the run, R10-R12 scratch, V16-V19 weights of a quad, V20-V23 levels.
// Pixel i has its sums in V(4i)-V(4i+3).

#define BEGIN \
	MOVD t+0(FP), R0               \
tile:                              \
	MOVD convTile_inOff(R0), R10   \
	MOVD convTile_pixelAt(R0), R11 \
	ADD  R11, R10                  \
	MOVD convTile_in(R0), R11      \
	MOVD convTile_weights(R0), R5  \
	MOVD convTile_step(R0), R6     \
	MOVD convTile_gaps(R0), R7     \
	MOVD convTile_runs(R0), R8     \
	MOVD convTile_bias(R0), R12

// START points a window at its pixel and sets the sums to the bias.
#define START(window, a, b, c, d) \
	MOVD.P 8(R10), window      \
	ADD  R11, window           \
	VLD1 (R12), [a, b, c, d]

// RUN begins the loops over the runs of the window and the quads of a run, and loads the
// weights of a quad.
#define RUN \
run:                                                \
	MOVD convTile_run(R0), R9                       \
quad:                                               \
	VLD1 (R5), [V16.B16, V17.B16, V18.B16, V19.B16] \
	ADD  R6, R5

// QUAD multiplies four levels of a pixel by the weights.
#define QUAD(window, levels, number, sum) \
	VLD1R.P 4(window), [levels]  \
	SDOT(number, 16, (sum)+0)    \
	SDOT(number, 17, (sum)+1)    \
	SDOT(number, 18, (sum)+2)    \
	SDOT(number, 19, (sum)+3)

// GAP ends the loop over quads and loads the distance to the next run.
#define GAP \
	SUBS $4, R9        \
	BNE  quad          \
	MOVD.P 8(R7), R10

// STOP ends the loop over runs and loads where the sums are stored.
#define STOP \
	SUBS $1, R8                       \
	BNE  run                          \
	MOVD convTile_sums(R0), R10       \
	MOVD convTile_sumsAt(R0), R11     \
	ADD  R11, R10                     \
	MOVD convTile_sumsStride(R0), R12

#define STORE(a, b, c, d) \
	VST1 [a, b, c, d], (R10) \
	ADD  R12, R10

// END moves to the next tile.
#define END(pixels) \
	MOVD convTile_sums(R0), R11    \
	SUB  R11, R10                  \
	MOVD R10, convTile_sumsAt(R0)  \
	MOVD convTile_pixelAt(R0), R11 \
	ADD  $(8*pixels), R11          \
	MOVD R11, convTile_pixelAt(R0) \
	MOVD convTile_tiles(R0), R11   \
	SUBS $1, R11                   \
	MOVD R11, convTile_tiles(R0)   \
	BNE  tile                      \
	RET

// func convTileSDOT1(t *convTile)
TEXT ·convTileSDOT1(SB), NOSPLIT, $0-8
	BEGIN
	START(R1, V0.S4, V1.S4, V2.S4, V3.S4)
	RUN
	QUAD(R1, V20.S4, 20, 0)
	GAP
	ADD  R10, R1
	STOP
	STORE(V0.S4, V1.S4, V2.S4, V3.S4)
	END(1)

// func convTileSDOT2(t *convTile)
TEXT ·convTileSDOT2(SB), NOSPLIT, $0-8
	BEGIN
	START(R1, V0.S4, V1.S4, V2.S4, V3.S4)
	START(R2, V4.S4, V5.S4, V6.S4, V7.S4)
	RUN
	QUAD(R1, V20.S4, 20, 0)
	QUAD(R2, V21.S4, 21, 4)
	GAP
	ADD  R10, R1
	ADD  R10, R2
	STOP
	STORE(V0.S4, V1.S4, V2.S4, V3.S4)
	STORE(V4.S4, V5.S4, V6.S4, V7.S4)
	END(2)

// func convTileSDOT3(t *convTile)
TEXT ·convTileSDOT3(SB), NOSPLIT, $0-8
	BEGIN
	START(R1, V0.S4, V1.S4, V2.S4, V3.S4)
	START(R2, V4.S4, V5.S4, V6.S4, V7.S4)
	START(R3, V8.S4, V9.S4, V10.S4, V11.S4)
	RUN
	QUAD(R1, V20.S4, 20, 0)
	QUAD(R2, V21.S4, 21, 4)
	QUAD(R3, V22.S4, 22, 8)
	GAP
	ADD  R10, R1
	ADD  R10, R2
	ADD  R10, R3
	STOP
	STORE(V0.S4, V1.S4, V2.S4, V3.S4)
	STORE(V4.S4, V5.S4, V6.S4, V7.S4)
	STORE(V8.S4, V9.S4, V10.S4, V11.S4)
	END(3)

// func convTileSDOT4(t *convTile)
TEXT ·convTileSDOT4(SB), NOSPLIT, $0-8
	BEGIN
	START(R1, V0.S4, V1.S4, V2.S4, V3.S4)
	START(R2, V4.S4, V5.S4, V6.S4, V7.S4)
	START(R3, V8.S4, V9.S4, V10.S4, V11.S4)
	START(R4, V12.S4, V13.S4, V14.S4, V15.S4)
	RUN
	QUAD(R1, V20.S4, 20, 0)
	QUAD(R2, V21.S4, 21, 4)
	QUAD(R3, V22.S4, 22, 8)
	QUAD(R4, V23.S4, 23, 12)
	GAP
	ADD  R10, R1
	ADD  R10, R2
	ADD  R10, R3
	ADD  R10, R4
	STOP
	STORE(V0.S4, V1.S4, V2.S4, V3.S4)
	STORE(V4.S4, V5.S4, V6.S4, V7.S4)
	STORE(V8.S4, V9.S4, V10.S4, V11.S4)
	STORE(V12.S4, V13.S4, V14.S4, V15.S4)
	END(4)
