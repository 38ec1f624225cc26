package plan

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"ann2snn/convert/internal/nettest"
	"ann2snn/snn"
)

// describe writes a plan, a line per layer:
//
//	2 Sum 8x8x4 <- 1 0 | Rectify relu1 axis 1 (why the neurons stand there)
func describe(p *Plan) string {
	var b strings.Builder
	for _, l := range p.Layers {
		s := l.Shape
		fmt.Fprintf(&b, "%d %s %dx%dx%d", l.Index, kindOf(l.Op), s.H, s.W, s.C)
		if len(l.In) > 0 {
			b.WriteString(" <-")
		}
		for _, in := range l.In {
			fmt.Fprintf(&b, " %d", in.Index)
		}
		if n := l.Neuron; n != nil {
			fmt.Fprintf(&b, " | %s %s axis %d", actNames[n.Act.Fn], p.Graph.Value(n.Site.Value).Name, n.Site.Axis)
			if n.Why != "" {
				fmt.Fprintf(&b, " (%s)", n.Why)
			}
		}
		b.WriteString("\n")
	}
	if p.Output != nil && p.Output.Index != len(p.Layers)-1 {
		fmt.Fprintf(&b, "output %d\n", p.Output.Index)
	}
	for _, h := range p.Host {
		fmt.Fprintf(&b, "host %s\n", h.Name)
	}
	return b.String()
}

var actNames = map[snn.ActFn]string{
	snn.Rectify: "Rectify", snn.Linear: "Linear", snn.LeakyRelu: "LeakyRelu", snn.PRelu: "PRelu", snn.Clip: "Clip",
	snn.Sigmoid: "Sigmoid", snn.HardSigmoid: "HardSigmoid", snn.HardSwish: "HardSwish", snn.SiLU: "SiLU",
	snn.Tanh: "Tanh", snn.Elu: "Elu", snn.Gelu: "Gelu", snn.Softplus: "Softplus", snn.Abs: "Abs",
	snn.ThresholdedRelu: "ThresholdedRelu", snn.Exp: "Exp", snn.Log: "Log", snn.Power: "Power", snn.Square: "Square",
}

func kindOf(op Op) string {
	switch op := op.(type) {
	case Input:
		if op.ChannelsFirst {
			return "Input"
		}
		return "Input(channel-last)"
	case *Conv:
		return "Conv"
	case *Dense:
		return "Dense"
	case *Sum:
		return "Sum"
	case SumPool:
		return "SumPool"
	case MaxPool:
		return "MaxPool"
	case Concat:
		return "Concat"
	case Gather:
		return "Gather"
	}
	return "hole"
}

var update = flag.Bool("update", false, "rewrite the plans in testdata/plan")

// TestPlan compares the plans of graphs with those in testdata/plan; each file says
// first what it is about.
func TestPlan(t *testing.T) {
	t.Parallel()
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
	p, err := New(t.Context(), nettest.Parse(t, text), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range p.Nodes {
		if n.Class == Unsupported {
			t.Errorf("%s %q: %s", n.Op, n.Name, n.Reason)
		}
	}
	return describe(p)
}
