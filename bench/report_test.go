package main

import (
	"bytes"
	"strings"
	"testing"

	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/kernels/u8"
)

// TestReport: ratios are medians of the rounds' pairs, not quotients of medians, and
// targets are judged by them.
func TestReport(t *testing.T) {
	r := &results{
		options: options{rounds: 3, threads: 1}, peaks: []float64{700, 800},
		timings: []*timings{{
			model: "resnet18", macs: 1e9,
			contestants: []string{ortFloat, ortInt8, "T=1 B=8", "T=1 B=4", "T=4 B=4 signed"},
			ms: map[string][]float64{
				ortFloat: {20, 50, 22}, ortInt8: {8, 20, 9}, "T=1 B=8": {4, 10, 6}, "T=1 B=4": {4, 10, 4}, "T=4 B=4 signed": {16, 40, 16},
			},
		}},
	}
	var b bytes.Buffer
	if err := r.write(&b); err != nil {
		t.Fatal(err)
	}
	if name, _ := u8.Peak(cpu.Default()); name != "" && !strings.Contains(b.String(), "The most that "+name+" reached on one core in this run: 800 GOP/s") {
		t.Errorf("no peak in\n%s", b.String())
	}
	for _, want := range []string{
		"| T=1 B=8 | 6.000 | 333 | 42 % | 2.00 | 5.00 |",
		"| T=4 B=4 signed | 16.000 | 500 | 62 % | 0.50 | 1.25 |",
		"T=4 B=4 signed takes 4.00 times as long as T=1 B=4 (at most 4.4: met).",
		"Target at T=1, one thread: 1.3 times int8 (met), 4.4 times fp32 (met).",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}
