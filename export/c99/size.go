package c99

import (
	"fmt"

	"ann2snn/export/target"
)

// codeBytes is about what code takes at -O2 on Cortex-M and RV32, by the functions of
// layers; compilers differ by a tenth or two.
func codeBytes(functions int) int { return 3000 + 400*functions }

// fits checks the bounds that a user gave.
func (v *view) fits(o target.Options) error {
	if flash := v.DataBytes + v.CodeBytes; o.MaxFlash > 0 && flash > o.MaxFlash {
		return fmt.Errorf("c99: the network takes %d bytes of tables and about %d of code, more than %d of flash (try weights of int4, or a smaller network)", v.DataBytes, v.CodeBytes, o.MaxFlash)
	}
	if o.MaxRAM > 0 && v.ArenaSize > o.MaxRAM {
		return fmt.Errorf("c99: the network takes an arena of %d bytes, more than %d of RAM (try fewer steps, or a smaller network)", v.ArenaSize, o.MaxRAM)
	}
	return nil
}
