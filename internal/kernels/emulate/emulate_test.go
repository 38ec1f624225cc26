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
