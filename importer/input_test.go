package importer

import (
	"testing"

	"ann2snn/internal/pb"
)

func TestInputShapes(t *testing.T) {
	unranked := floatInput("u")
	unranked.Type.GetTensorType().Shape = nil
	m := file(op("y = Sum(x, u, p)"))
	m.Graph.Input = append(m.Graph.Input, unranked, floatInput("p", -1, 3), input("b", pb.TensorProto_BOOL), input("i", pb.TensorProto_INT32, "", 2))
	tests := []struct {
		name   string
		shapes map[string][]int
		want   []string // types of the inputs
		err    string
	}{
		{
			name:   "as in the file, but for the broken one",
			shapes: map[string][]int{"p": {1, 3}},
			want:   []string{"float32[N,3,8,8]", "float32", "float32[1,3]", "bool[]", "int64[?,2]"},
		},
		{
			name:   "fixed",
			shapes: map[string][]int{"p": {1, 3}, "x": {2, 3, 4, 5}, "u": {7}, "b": {}},
			want:   []string{"float32[2,3,4,5]", "float32[7]", "float32[1,3]", "bool[]", "int64[?,2]"},
		},
		{
			name: "broken and not fixed",
			err:  `importer: graph input "p": axis 0 has length -1 (try the input's shape as p=1,3,224,224)`,
		},
		{
			name:   "unknown name",
			shapes: map[string][]int{"z": {1}},
			err:    `importer: input shape for "z", but the graph inputs are x float32[N,3,8,8], u float32, p float32[?,3], b bool[], i int64[?,2]`,
		},
		{
			name:   "wrong rank",
			shapes: map[string][]int{"x": {1, 3, 8}},
			err:    `importer: input shape [1 3 8] for "x" has the wrong number of axes, the graph inputs are x float32[N,3,8,8], u`,
		},
		{
			name:   "length 0",
			shapes: map[string][]int{"p": {1, 3}, "x": {0, 3, 8, 8}},
			err:    `importer: graph input "x": axis 0 has length 0`,
		},
		{
			name:   "too large",
			shapes: map[string][]int{"p": {1, 3}, "x": {1 << 20, 3, 1 << 20, 8}},
			err:    `importer: graph input "x": shape [1048576 3 1048576 8] has more than 2147483647 elements`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g, err := parse(t, m, Options{InputShape: test.shapes})
			if test.err != "" {
				wantError(t, err, test.err)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for i, id := range g.Inputs {
				if got := g.Type(id).String(); got != test.want[i] {
					t.Errorf("input %d is %s, want %s", i, got, test.want[i])
				}
			}
		})
	}
}
