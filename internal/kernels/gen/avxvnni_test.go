package main

import "testing"

// TestToVEX compares with what GNU objdump makes of the bytes.
func TestToVEX(t *testing.T) {
	for asm, want := range map[string]string{
		"VPDPBUSD     Y4, Y6, Y0":   "BYTE $0xc4; BYTE $0xe2; BYTE $0x4d; BYTE $0x50; BYTE $0xc4",
		"VPDPBUSD Y12, Y14, Y11":    "BYTE $0xc4; BYTE $0x42; BYTE $0x0d; BYTE $0x50; BYTE $0xdc",
		"VPDPBUSD Z12, Z14, Z11":    "VPDPBUSD Z12, Z14, Z11",
		"VPDPBUSD (AX), Y14, Y11":   "VPDPBUSD (AX), Y14, Y11",
		"VPMADDUBSW Y12, Y14, Y11 ": "VPMADDUBSW Y12, Y14, Y11 ",
	} {
		if want[0] == 'B' {
			want += " // " + asm
		}
		if got := string(toVEX([]byte(asm))); got != want {
			t.Errorf("%s: %s, want %s", asm, got, want)
		}
	}
}
