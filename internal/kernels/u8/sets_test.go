package u8

import (
	"slices"
	"strings"
	"testing"

	"ann2snn/internal/kernels/cpu"
)

// optional lists the kernels that a set need not have.
func (s *kernelSet) optional() []string {
	var has []string
	for name, here := range map[string]bool{"Winograd": s.winograd != nil, "quantising": s.quantise != nil, "peak": s.peak != nil} {
		if here {
			has = append(has, name)
		}
	}
	slices.Sort(has)
	return has
}

// TestOptionalKernels: every set that runs here has the kernels that it is known for, and
// none of those that all sets need is missing.
func TestOptionalKernels(t *testing.T) {
	known := map[string]string{
		"amx": "peak quantising", "avx512vnni": "Winograd peak quantising",
		"avxvnni": "", "avx2": "", "sdot": "", "go": "",
	}
	for _, set := range cpu.Sets() {
		k := kernelsOf(set)
		want, ok := known[set.Name]
		if has := strings.Join(k.optional(), " "); !ok || has != want {
			t.Errorf("%s has %q, want %q", set.Name, has, want)
		}
		if k.conv == nil || k.fire == nil || k.mix == nil || k.maxPool == nil || k.sparse == nil || k.shifted == nil {
			t.Errorf("%s lacks a kernel", set.Name)
		}
		if set.Needs != k.needs {
			t.Errorf("%s needs %v, its kernels %v", set.Name, set.Needs, k.needs)
		}
	}
}
