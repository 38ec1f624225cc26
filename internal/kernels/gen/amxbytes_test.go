package main

import "testing"

// TestToAMX compares with what GNU objdump makes of the bytes: with a SIB byte and a
// displacement throughout, which GNU as leaves out where it can.
func TestToAMX(t *testing.T) {
	for asm, want := range map[string]string{
		"LDTILECFG (AX)":                  "BYTE $0xc4; BYTE $0xe2; BYTE $0x78; BYTE $0x49; BYTE $0x44; BYTE $0x20; BYTE $0x00",
		"LDTILECFG 64(R9)":                "BYTE $0xc4; BYTE $0xc2; BYTE $0x78; BYTE $0x49; BYTE $0x44; BYTE $0x21; BYTE $0x40",
		"TILERELEASE":                     "BYTE $0xc4; BYTE $0xe2; BYTE $0x78; BYTE $0x49; BYTE $0xc0",
		"TILELOADD  64(R8)(R11*1), TMM7":  "BYTE $0xc4; BYTE $0x82; BYTE $0x7b; BYTE $0x4b; BYTE $0x7c; BYTE $0x18; BYTE $0x40",
		"TILESTORED TMM3, 64(R13)(CX*1)":  "BYTE $0xc4; BYTE $0xc2; BYTE $0x7a; BYTE $0x4b; BYTE $0x5c; BYTE $0x0d; BYTE $0x40",
		"TDPBUSD    TMM7, TMM5, TMM3":     "BYTE $0xc4; BYTE $0xe2; BYTE $0x41; BYTE $0x5e; BYTE $0xdd",
		"VPDPBUSD (AX), Y14, Y11 // TILE": "VPDPBUSD (AX), Y14, Y11 // TILE",
	} {
		if want[0] == 'B' {
			want += " // " + asm
		}
		if got := string(toAMX([]byte(asm))); got != want {
			t.Errorf("%s: %s, want %s", asm, got, want)
		}
	}
}
