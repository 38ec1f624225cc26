package c99

import (
	"fmt"

	"ann2snn/export/target"
)

// codeBytes is what is set aside for code, as compilers differ: exports of trained
// networks have 3 to 8 KiB at -O2 or -Os on Cortex-M and RV32.
const codeBytes = 8 << 10

// fits checks the bounds that a user gave.
func (v *view) fits(o target.Options) error {
	if flash := v.DataBytes + codeBytes; o.MaxFlash > 0 && flash > o.MaxFlash {
		return fmt.Errorf("c99: the network takes %d bytes of tables and about %d of code, more than %d of flash (try --weights int4 in convert, or a smaller network)", v.DataBytes, codeBytes, o.MaxFlash)
	}
	if o.MaxRAM > 0 && v.ArenaSize > o.MaxRAM {
		return fmt.Errorf("c99: the network takes an arena of %d bytes, more than %d of RAM (try fewer steps in convert, or a smaller network)", v.ArenaSize, o.MaxRAM)
	}
	return nil
}
