package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"ann2snn/internal/environment"
	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/kernels/u8"
)

// Names of the contestants that are not configurations.
const (
	ortFloat  = "ONNX Runtime fp32"
	ortInt8   = "ONNX Runtime int8"
	reference = "reference executor fp32"
)

// results are the measurements of one run of the command.
type results struct {
	options
	timings []*timings
	trials  []*trial
	peaks   []float64 // of one core, in operations a nanosecond; 0 where unknown
}

// timings are the medians of the turns of a network's contestants.
type timings struct {
	model       string
	macs        int64
	contestants []string
	runs        []int // in a turn
	ms          map[string][]float64
}

// ratio is the median over the rounds of how much longer other takes than name.
func (t *timings) ratio(name, other string) float64 {
	ratios := make([]float64, len(t.ms[name]))
	for i, ms := range t.ms[name] {
		ratios[i] = t.ms[other][i] / ms
	}
	return median(ratios)
}

// peak measures what a core can do at most with a set's dot products of bytes, in
// operations a nanosecond.
func peak(set *cpu.Set) float64 {
	best := 0.0
	for range 20 {
		start := time.Now()
		_, ops := u8.Peak(set)
		best = max(best, ops/float64(time.Since(start).Nanoseconds()))
	}
	return best
}

// targets are the speeds that one thread at batch 1 has to reach, as ratios to ONNX Runtime.
var targets = map[string]struct{ int8, float float64 }{
	"resnet20": {2.2, 4.2}, "resnet18": {1.3, 4.4}, "resnet50": {1.2, 4}, "squeezenet1.1": {1.2, 3.5}, "mobilenetv2": {1.2, 2.2},
}

func (r *results) writeFile(file string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := r.write(&b); err != nil {
		return err
	}
	return os.WriteFile(file, b.Bytes(), 0o600)
}

func (r *results) write(w io.Writer) error {
	set := cpu.Default()
	var b strings.Builder
	fmt.Fprintf(&b, `# Benchmarks

`+"`%sgo run ./bench -rounds %d -threads %d`"+` on %s: %s, kernels %s, %d thread(s), batch 1,
onnxruntime-node 1.30.0 on the same machine in the same run.

Contestants take turns of about %d ms, %d rounds. A time is the median of the rounds' medians; a ratio
is the median over the rounds of the quotient of two turns of the same round. Preprocessing is not
included; turning the float input into levels is. Every convolution of the int8 reference runs as
QLinearConv, as was checked in the optimised graph. resnet18, resnet50, mobilenetv2 and vgg16 have
random weights, from which speed can be measured and nothing else.
`, kernelChoice(), r.rounds, r.threads, time.Now().UTC().Format(time.DateOnly), cpuName(), set.Name, r.threads, turnMS, r.rounds)
	top := 0.0
	if len(r.peaks) > 0 {
		top = slices.Max(r.peaks)
	}
	if top > 0 {
		instruction, _ := u8.Peak(set)
		fmt.Fprintf(&b, "The most that %s reached on one core in this run: %.0f GOP/s.\n", instruction, top)
	}
	for _, t := range r.timings {
		t.write(&b, top*float64(r.threads))
	}
	writeTrials(&b, r.trials)
	fmt.Fprint(&b, quoted)
	_, err := io.WriteString(w, b.String())
	return err
}

// kernelChoice is the setting of the environment that chose kernels, as it stands before the
// command.
func kernelChoice() string {
	if name := os.Getenv(environment.Kernel); name != "" {
		return environment.Kernel + "=" + name + " "
	}
	return ""
}

// write adds the table of a network.
func (t *timings) write(b *strings.Builder, top float64) {
	fmt.Fprintf(b, "\n## %s, %.2f G multiply-accumulates\n\n", t.model, float64(t.macs)/1e9)
	fmt.Fprint(b, "| | ms | GOP/s | share of peak | times as fast as int8 | as fp32 |\n|---|---|---|---|---|---|\n")
	for _, name := range t.contestants {
		ms := median(slices.Clone(t.ms[name]))
		ops := 2 * float64(t.macs) / ms / 1e6
		share := ""
		if strings.HasPrefix(name, "T=") {
			ops *= float64(stepsOf(name))
			if top > 0 {
				share = fmt.Sprintf("%.0f %%", 100*ops/top)
			}
		}
		fmt.Fprintf(b, "| %s | %.3f | %.0f | %s | %.2f | %.2f |\n", name, ms, ops, share, t.ratio(name, ortInt8), t.ratio(name, ortFloat))
	}
	for _, name := range t.contestants {
		if steps, base := stepsIn(name); steps > 1 {
			fmt.Fprintf(b, "\n%s takes %.2f times as long as %s (at most %.1f: %s).\n", name, 1/t.ratio(name, base), base,
				stepsBound, verdict(stepsBound*t.ratio(name, base), 1))
		}
	}
	if target, ok := targets[t.model]; ok {
		first := configurations[0].name
		fmt.Fprintf(b, "\nTarget at T=1, one thread: %.1f times int8 (%s), %.1f times fp32 (%s).\n",
			target.int8, verdict(t.ratio(first, ortInt8), target.int8), target.float, verdict(t.ratio(first, ortFloat), target.float))
	}
}

// stepsBound is the longest time that four time steps may take, in times of one.
const stepsBound = 4.4

// stepsIn returns the time steps of a contestant, and the one of a single step that it is
// compared with.
func stepsIn(name string) (steps int, base string) {
	if !strings.HasPrefix(name, "T=") {
		return 0, ""
	}
	return stepsOf(name), configurations[1].name // as narrow: 8 bits take other kernels on some processors
}

// stepsOf is the number of time steps of a configuration.
func stepsOf(name string) int {
	i := slices.IndexFunc(configurations, func(c configuration) bool { return c.name == name })
	return configurations[i].steps
}

func verdict(got, want float64) string {
	if got >= want {
		return "met"
	}
	return "not met"
}

func cpuName() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown processor"
	}
	for line := range strings.Lines(string(info)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown processor"
}

// quoted is context that this command cannot measure.
const quoted = `
## SpikingJelly

It cannot be installed from the package registries that this command uses. Figures of its published
code, quoted from the design notes of this project (one core of a Sapphire-Rapids-class Xeon, 2026):
ResNet-20 5.3 ms at T=1 and 22 ms at T=4, ResNet-18 53.6 ms and 216 ms.
`
