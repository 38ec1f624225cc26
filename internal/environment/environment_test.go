package environment_test

import (
	"strings"
	"testing"

	"ann2snn/internal/environment"
	"ann2snn/internal/kernels/cpu"
)

func TestApply(t *testing.T) {
	t.Cleanup(func() { cpu.Use(nil) })
	for _, test := range []struct {
		variable, value string
		options         int
		err             string
	}{
		{environment.Kernel, "go", 0, ""},
		{environment.Kernel, "abacus", 0, `ANN2SNN_KERNEL=abacus: the set "abacus" does not run here (possible: `},
		{environment.Sparse, "on", 1, ""},
		{environment.Winograd, "off", 1, ""},
		{environment.Winograd, "maybe", 0, "ANN2SNN_WINOGRAD=maybe is neither on nor off"},
	} {
		t.Run(test.variable+"="+test.value, func(t *testing.T) {
			t.Setenv(test.variable, test.value)
			options, err := environment.Apply()
			if test.err != "" {
				if err == nil || !strings.HasPrefix(err.Error(), test.err) {
					t.Fatalf("%v, want %s", err, test.err)
				}
				return
			}
			if err != nil || len(options) != test.options {
				t.Errorf("%d options, %v; want %d", len(options), err, test.options)
			}
		})
	}
	if name := cpu.Default().Name; name != "go" {
		t.Errorf("the default is %s, want go", name)
	}
}
