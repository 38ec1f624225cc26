// Package environment is how users of the programs choose, by variables, among ways to
// compute the same answers. Only programs read it, before they begin to work.
package environment

import (
	"fmt"
	"os"
	"strings"

	"ann2snn/internal/kernels/cpu"
	"ann2snn/runtime"
)

// The variables. Kernel names a set of kernels, see cpu.Sets; Sparse and Winograd are on
// or off. Where they are not set, the program takes what is fastest.
const (
	Kernel   = "ANN2SNN_KERNEL"
	Sparse   = "ANN2SNN_SPARSE"
	Winograd = "ANN2SNN_WINOGRAD"
)

// Apply makes the set of kernels that Kernel names the default of this process, and returns
// the options that the other variables stand for.
func Apply() ([]runtime.Option, error) {
	if name := os.Getenv(Kernel); name != "" {
		set, err := cpu.Find(name)
		if err != nil {
			return nil, fmt.Errorf("%s=%s: %w", Kernel, name, err)
		}
		cpu.Use(set)
	}
	var options []runtime.Option
	for _, v := range []struct {
		name string
		use  func(runtime.Choice) runtime.Option
	}{{Sparse, runtime.UseSparse}, {Winograd, runtime.UseWinograd}} {
		switch value := os.Getenv(v.name); value {
		case "":
		case "on":
			options = append(options, v.use(runtime.Always))
		case "off":
			options = append(options, v.use(runtime.Never))
		default:
			return nil, fmt.Errorf("%s=%s is neither on nor off (try one of them, or to leave the variable out)", v.name, value)
		}
	}
	return options, nil
}

// Help tells users of the variables.
func Help() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s chooses the kernels, the first that run here if it is not set:\n", Kernel)
	for _, set := range cpu.All() {
		fmt.Fprintf(&b, "  %-10s  %s\n", set.Name, set.For)
	}
	fmt.Fprintf(&b, "%s and %s, on or off, decide whether convolutions use Winograd's\nmethod and lists of spikes; otherwise a trial does. Results are the same.", Winograd, Sparse)
	return b.String()
}
