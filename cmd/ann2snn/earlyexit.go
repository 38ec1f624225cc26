package main

import (
	"errors"
	"strconv"

	"github.com/spf13/pflag"
)

// defaultMargin is the margin of a bare --early-exit; docs/experiments.md has the measurement that chose it.
const defaultMargin = 0.99

// marginFlag is the margin of an early exit; nil means none.
type marginFlag struct{ value *float64 }

func (f *marginFlag) register(fs *pflag.FlagSet) {
	flag := fs.VarPF(f, "early-exit", "", "answer after the first steps of refinement where the best class leads by this `margin` of probability")
	flag.NoOptDefVal = strconv.FormatFloat(defaultMargin, 'g', -1, 64)
}

// String implements pflag.Value.
func (f *marginFlag) String() string {
	if f.value == nil {
		return ""
	}
	return strconv.FormatFloat(*f.value, 'g', -1, 64)
}

// Set implements pflag.Value.
func (f *marginFlag) Set(text string) error {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || !(0 <= x && x <= 1) {
		return errors.New("a margin is a difference of probabilities, 0 to 1")
	}
	f.value = &x
	return nil
}

// Type implements pflag.Value.
func (*marginFlag) Type() string { return "margin" }
