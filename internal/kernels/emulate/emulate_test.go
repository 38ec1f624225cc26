package emulate

import (
	"strings"
	"testing"
	"unsafe"
)

// tile is what the kernel below works on.
type tile struct {
	numbers [8]float32
	rounds  int64
	masked  [8]uint32
	mask    uint64
}

const kernel = `
TEXT ·sum(SB), NOSPLIT, $0-8
	MOVQ         t+0(FP), AX
	VXORPS       Y0, Y0, Y0
	VBROADCASTSS 4(AX), Y1

loop:
	VFMADD231PS (AX), Y1, Y0
	DECQ        32(AX)
	JNZ         loop
	KMOVQ       72(AX), K1
	VMOVUPS     Y0, K1, 40(AX)
	RET
`

// TestRun holds a loop, a masked store and rounding to what a processor does.
func TestRun(t *testing.T) {
	p, err := Parse([]byte(kernel))
	if err != nil {
		t.Fatal(err)
	}
	x := &tile{numbers: [8]float32{3, 0.5, 1, 2, 4, 8, 16, 32}, rounds: 3, mask: 0b1011}
	p.Run("sum", unsafe.Pointer(x))
	want := [8]uint32{0x40900000, 0x3f400000, 0, 0x40400000, 0, 0, 0, 0} // 4.5, 0.75, 3
	if x.masked != want || x.rounds != 0 {
		t.Errorf("%x after %d rounds, want %x", x.masked, x.rounds, want)
	}
}

// TestFMA32 tries a sum that rounding twice gets wrong: it lies just above the middle of
// two numbers, and that middle is what 53 bits keep of it.
func TestFMA32(t *testing.T) {
	if got, want := fma32(1+0x1p-12, 1+0x1p-12, 0x1p-60), float32(1+0x1p-11+0x1p-23); got != want {
		t.Errorf("%b, want %b", got, want)
	}
}

// tiles is what the kernel below works on: two rows of eight levels, and the weights of
// three lanes.
type tiles struct {
	shapes  [64]uint8
	levels  [16]uint8
	weights [2][12]int8 // by quad
	sums    [2][3]int32
	eight   uint64
	twelve  uint64
}

const tileKernel = `
TEXT ·tiles(SB), NOSPLIT, $0-8
	MOVQ t+0(FP), AX
	BYTE $0x00 // LDTILECFG (AX)
	MOVQ 128(AX), BX
	MOVQ 136(AX), CX
	BYTE $0x00 // TILELOADD 104(AX)(CX*1), TMM0
	BYTE $0x00 // TILELOADD 64(AX)(BX*1), TMM1
	BYTE $0x00 // TILELOADD 80(AX)(CX*1), TMM2
	BYTE $0x00 // TDPBUSD TMM2, TMM1, TMM0
	BYTE $0x00 // TILESTORED TMM0, 104(AX)(CX*1)
	BYTE $0x00 // TILERELEASE
	RET
`

// TestTiles holds a product of two small matrices to sums by hand.
func TestTiles(t *testing.T) {
	p, err := Parse([]byte(tileKernel))
	if err != nil {
		t.Fatal(err)
	}
	x := &tiles{eight: 8, twelve: 12, levels: [16]uint8{0: 255, 7: 2, 8: 1, 9: 3}, sums: [2][3]int32{{1, 2, 3}, {4, 5, 6}}}
	x.weights[0] = [12]int8{0: -128, 1: 5, 4: 1, 8: 2}
	x.weights[1] = [12]int8{3: 7, 11: -9}
	copy(x.shapes[16:], []uint8{12, 0, 8, 0, 12})
	copy(x.shapes[48:], []uint8{2, 2, 2})
	x.shapes[0] = 1
	p.Run("tiles", unsafe.Pointer(x))
	want := [2][3]int32{{1 - 255*128 + 2*7, 2 + 255, 3 + 2*255 - 2*9}, {4 - 128 + 3*5, 5 + 1, 6 + 2}}
	if x.sums != want {
		t.Errorf("%v, want %v", x.sums, want)
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"TEXT ·f(SB), NOSPLIT, $0-8\n\tVPSADBW X0, X1, X2\n": "unknown instruction",
		"TEXT ·f(SB), NOSPLIT, $0-8\n\tJMP away\n":           "no such label",
		"TEXT ·f(SB), NOSPLIT, $0-8\n\tMOVQ 8(EAX), BX\n":    "unknown register EAX",
		"DATA x<>+4(SB)/4, $0x00000000\n":                    "gap",
	} {
		if _, err := Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
