package ir

import (
	"slices"
	"strings"
	"testing"
)

const legal = `input %x float32[1,2]
const %w float32[2] = {1, 2}
%a float32[1,2] = Add(%x, %w) "add"
%b, _ = Dropout(%a) "drop"
output %b
`

func TestVerify(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(g *Graph)
		want  []string
	}{
		{"legal", func(*Graph) {}, nil},
		{"missing id", func(g *Graph) { g.Nodes[0].In[1] = 9; g.Outputs[0] = -1 }, []string{
			`ir: graph inputs [0] or outputs [-1] name a value that does not exist`,
			`ir: Add "add": inputs [0 9] or outputs [2] name a value that does not exist`,
		}},
		{"no operator", func(g *Graph) { g.Nodes[0].Op = nil }, []string{`ir: node 0 "add" has no operator`}},
		{"names", func(g *Graph) { g.Values[0].Name, g.Values[3].Name = "w", "" }, []string{
			`ir: values 0 and 1 are both called "w"`, `ir: value 3 has no name`,
		}},
		{"assigned twice", func(g *Graph) { g.Nodes[1].Out[0] = 2 }, []string{
			`ir: value "a" is an output of Add "add" and also an output of Dropout "drop"`,
			`ir: graph output "b" is not computed`,
		}},
		{"constant produced", func(g *Graph) { g.Nodes[1].Out[0] = 1 }, []string{
			`ir: value "w" is a constant and also an output of Dropout "drop"`,
			`ir: Dropout "drop": output "w" is said to be float32[2], but is float32[1,2]`,
			`ir: graph output "b" is not computed`,
		}},
		{"constant input", func(g *Graph) { g.Inputs[0] = 1 }, []string{
			`ir: value "w" is a constant and also a graph input`,
			`ir: Add "add": reads "x" before it is computed`,
		}},
		{"order", func(g *Graph) { slices.Reverse(g.Nodes) }, []string{`ir: Dropout "drop": reads "a" before it is computed`}},
		{"untyped input", func(g *Graph) { g.Values[0].Type = Type{} }, []string{`ir: graph input "x" has no type`}},
		{"no outputs", func(g *Graph) { g.Outputs = nil }, []string{`ir: the graph has no outputs`}},
		{"output twice", func(g *Graph) { g.Outputs = []ValueID{3, 3} }, []string{`ir: graph output "b" is listed twice`}},
		{"wrong type", func(g *Graph) { g.Values[2].Type = Of(Float32, 2) }, []string{
			`ir: Add "add": output "a" is said to be float32[2], but is float32[1,2]`,
		}},
		{"does not fit", func(g *Graph) { g.Values[0].Type = Of(Float32, 3) }, []string{
			`ir: Add "add": shapes [[3] [2]] do not broadcast`,
		}},
		{"constant of another type", func(g *Graph) { g.Values[1].Type.Const = Ints([]int64{1}, 1) }, []string{
			`ir: constant "w" of type float32[2] holds int64[1]`,
		}},
		{"constant with missing elements", func(g *Graph) { g.Values[1].Type.Const = Floats([]float32{1}, 2) }, []string{
			`ir: constant "w": a tensor float32[2] holds 1 float32, 0 int64 and 0 bool elements`,
		}},
		{"constant with a negative axis", func(g *Graph) { g.Values[1].Type.Const = Floats(nil, -1) }, []string{
			`ir: constant "w": axis 0 of [-1] is negative`,
		}},
		{"too many outputs", func(g *Graph) {
			g.Nodes[0].Out = append(g.Nodes[0].Out, g.AddValue(Value{Name: "c", Type: Of(Float32)}))
		}, []string{`ir: Add "add": has 2 outputs, the operator gives 1`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := parse(t, legal)
			test.spoil(g)
			got := ""
			if err := g.Verify(); err != nil {
				got = err.Error()
			}
			if want := strings.Join(test.want, "\n"); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestVerifyIsBounded(t *testing.T) {
	g := parse(t, legal)
	for range 1000 {
		g.AddValue(Value{})
	}
	if n := strings.Count(g.Verify().Error(), "\n") + 1; n != maxProblems {
		t.Errorf("%d problems reported, want %d", n, maxProblems)
	}
}

func TestInferGraph(t *testing.T) {
	g := parse(t, legal)
	if err := g.Infer(); err != nil {
		t.Fatal(err)
	}
	if got := g.Type(3).String(); got != "float32[1,2]" {
		t.Errorf("output is %s", got)
	}
	if err := g.Verify(); err != nil {
		t.Errorf("after Infer: %v", err)
	}
	shape := parse(t, "input %x float32[2]\n%s = Shape(%x)\noutput %s\n")
	if err := shape.Infer(); err != nil {
		t.Fatal(err)
	}
	if shape.Type(1).Const != nil {
		t.Error("a node produces a constant")
	}
	bad := parse(t, "input %x float32[2]\n%y = Cast(%x)\noutput %y\n")
	if err := bad.Infer(); err == nil || err.Error() != `ir: Cast "y": cannot cast to invalid` {
		t.Errorf("error is %v", err)
	}
}
