package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// writePage writes docs/edge.md.
func writePage(w io.Writer, rows []row) {
	fmt.Fprintf(w, `# Networks on microcontrollers

Written by `+"`go run ./bench/edge`"+`. Memory and instructions of networks that `+"`ann2snn export --target c`"+` writes as C, compiled by Debian's gcc with -O2 and run under QEMU: boards mps2-an385 (Cortex-M3), mps3-an547 (Cortex-M55, without its vector unit) and virt (RV32IMAC). The self-test, which compares with ann2snn's own runtime, passed in every run that is counted.

- **Flash** is code and tables. **Arena** is all RAM of a network that runs all steps at once, except a stack of less than 1 KiB. **Step arena** is the RAM of one that runs step by step, for an early exit.
- **Instructions** are those of one inference of the first test sample, in millions, counted by QEMU (`+"`-icount shift=0`"+`: by the instruction counter on RV32, elsewhere by the system timer, to 40). The C skips inputs that are zero, so the number depends on the sample. Instructions are not cycles.
- Networks are converted with `+"`%s`"+` (the bits and steps of the row): fitting changes weights, but neither memory nor instructions.
- Later steps correct earlier ones, by spikes with a sign. With 8 bits these do not fit a byte and take a word each; `+"`--bits 7`"+` takes a quarter of that.
- A network that "does not fit" needs more than the 512 KiB of code or the 4 MiB of RAM that the export's linker script has for the boards.

| network | bits | steps | arena | step arena |`, strings.Join(conversion("B", 0)[4:], " "))
	for _, m := range machines {
		fmt.Fprintf(w, " flash, %s | instructions |", m.name)
	}
	fmt.Fprintf(w, "\n|---|---|---|---|---|%s\n", strings.Repeat("---|---|", len(machines)))
	for _, r := range rows {
		fmt.Fprintf(w, "| %s | %s | %d | %s | %s |", r.network.title, r.bits, r.steps, kilobytes(r.arena), kilobytes(r.stepArena))
		for _, t := range r.onMachines {
			fmt.Fprintf(w, " %s | %s |", kilobytes(t.flash), t.millions())
		}
		fmt.Fprintln(w)
	}
}

// kilobytes is a number of bytes in thousands.
func kilobytes(n int) string {
	return strconv.FormatFloat(float64(n)/1000, 'f', 1, 64) + " kB"
}

func (t *taken) millions() string {
	if !t.fits {
		return "does not fit"
	}
	return strconv.FormatFloat(float64(t.instructions)/1e6, 'f', 1, 64) + " M"
}
