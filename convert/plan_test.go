package convert

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"ann2snn/ir"
	"ann2snn/snn"
)

// parsed reads a graph in text form and types its values.
func parsed(t testing.TB, text string) *ir.Graph {
	t.Helper()
	g, err := ir.Parse(text)
	if err == nil {
		err = g.Infer()
	}
	if err == nil {
		err = g.Verify()
	}
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return g
}

// describe writes a plan, a line per layer:
//
//	2 Sum 8x8x4 <- 1 0 | Rectify relu1 axis 1 (why the neurons stand there)
func describe(p *plan) string {
	var b strings.Builder
	for _, l := range p.layers {
		s := l.shape
		fmt.Fprintf(&b, "%d %s %dx%dx%d", l.index, kindOf(l.op), s.H, s.W, s.C)
		if len(l.in) > 0 {
			b.WriteString(" <-")
		}
		for _, in := range l.in {
			fmt.Fprintf(&b, " %d", in.index)
		}
		if n := l.neuron; n != nil {
			fmt.Fprintf(&b, " | %s %s axis %d", actNames[n.act.Fn], p.graph.Value(n.site.value).Name, n.site.axis)
			if n.why != "" {
				fmt.Fprintf(&b, " (%s)", n.why)
			}
		}
		b.WriteString("\n")
	}
	if p.output != nil && p.output.index != len(p.layers)-1 {
		fmt.Fprintf(&b, "output %d\n", p.output.index)
	}
	for _, h := range p.host {
		fmt.Fprintf(&b, "host %s\n", h.Name)
	}
	return b.String()
}

var actNames = map[snn.ActFn]string{
	snn.Rectify: "Rectify", snn.Linear: "Linear", snn.LeakyRelu: "LeakyRelu", snn.PRelu: "PRelu", snn.Clip: "Clip",
	snn.Sigmoid: "Sigmoid", snn.HardSigmoid: "HardSigmoid", snn.HardSwish: "HardSwish", snn.SiLU: "SiLU",
	snn.Tanh: "Tanh", snn.Elu: "Elu",
}

func kindOf(op operator) string {
	switch op := op.(type) {
	case input:
		if op.channelsFirst {
			return "Input"
		}
		return "Input(channel-last)"
	case *conv:
		return "Conv"
	case *dense:
		return "Dense"
	case *sum:
		return "Sum"
	case sumPool:
		return "SumPool"
	case maxPool:
		return "MaxPool"
	case joined:
		return "Concat"
	case gather:
		return "Gather"
	}
	return "hole"
}

var update = flag.Bool("update", false, "rewrite the plans in testdata/plan")

// TestPlan compares the plans of graphs with those in testdata/plan; each file says
// first what it is about.
func TestPlan(t *testing.T) {
	files, err := filepath.Glob("testdata/plan/*.txtar")
	if err != nil || len(files) < 25 {
		t.Fatalf("%d files of graphs, error %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := planned(t, string(a.Files[0].Data))
			if *update {
				a.Files[1].Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(a.Files[1].Data), got); diff != "" {
				t.Errorf("%splan (-want +got):\n%s", a.Comment, diff)
			}
		})
	}
}

// planned is the plan of a graph in text form.
func planned(t *testing.T, text string) string {
	t.Helper()
	p, err := newPlan(parsed(t, text))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range p.nodes {
		if n.Class == Unsupported {
			t.Errorf("%s %q: %s", n.Op, n.Name, n.Reason)
		}
	}
	return describe(p)
}
