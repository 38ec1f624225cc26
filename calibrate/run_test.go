package calibrate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ann2snn/ir"
)

// graphOf reads a graph in text form and types its values.
func graphOf(t testing.TB, text string) *ir.Graph {
	t.Helper()
	g, err := ir.Parse(text)
	if err == nil {
		err = g.Infer()
	}
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// scales is a network that multiplies its two channels by 1 and -4.
const scales = `
source {sha256="0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"}
input %x float32[1,2,2,3]
const %k float32[1,2,1,1] = {1, -4}
%m = Binary(%x, %k) "scale" {fn=mul}
%y = Relu(%m) "relu"
output %y`

// listed is a Source of given samples.
type listed [][]float32

func (l listed) Len() int { return len(l) }

func (l listed) Sample(i int, dst []float32) (int, error) {
	copy(dst, l[i])
	return -1, nil
}

func bells(n, size int) listed {
	l := make(listed, n)
	for i := range l {
		l[i] = halfNormal(2*size, uint64(i))[size:]
		for j := range l[i] {
			if j%3 == 0 {
				l[i][j] *= -float32(i + 1)
			}
		}
	}
	return l
}

func sitesOf(t *testing.T, g *ir.Graph, names ...string) []Site {
	t.Helper()
	var sites []Site
	for _, name := range names {
		id, ok := g.Lookup(name)
		if !ok {
			t.Fatalf("no value %q", name)
		}
		sites = append(sites, Site{Value: id, Axis: 1, Signed: name != "y"})
	}
	return sites
}

func TestRunMeasures(t *testing.T) {
	t.Parallel()
	g := graphOf(t, scales)
	samples := bells(5, 12)
	p, err := Run(context.Background(), g, samples, Options{
		Sites: sitesOf(t, g, "x", "m", "y"), Seed: 3, Preprocess: json.RawMessage(`{}`), PerChannel: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	if p.Samples != 5 || p.SHA256 != g.Source.SHA256 || p.Method != "mse" || len(p.Choices) != 3 {
		t.Errorf("profile of %d samples by %q with %d choices for %q", p.Samples, p.Method, len(p.Choices), p.SHA256)
	}
	factors := map[string][2]float32{"x": {1, 1}, "m": {1, -4}, "y": {1, -4}}
	for name, factor := range factors {
		s := p.Site(name)
		for c := range 2 {
			var values []float32
			for _, sample := range samples {
				for _, v := range sample[6*c:][:6] {
					v *= factor[c]
					if name == "y" {
						v = max(v, 0)
					}
					values = append(values, v)
				}
			}
			checkChannel(t, s, c, values)
		}
	}
}

// checkChannel compares the statistics of channel c with the values themselves.
func checkChannel(t *testing.T, s *Stats, c int, values []float32) {
	t.Helper()
	mean := 0.0
	for _, v := range values {
		mean += float64(v) / float64(len(values))
	}
	if s.Min[c] != slices.Min(values) || s.Max[c] != slices.Max(values) || math.Abs(s.Mean[c]-mean) > 1e-9 || s.Count != uint64(len(values)) {
		t.Errorf("%s channel %d: range %v to %v, mean %v of %d, want %v to %v, %v of %d", s.Value, c, s.Min[c], s.Max[c], s.Mean[c],
			s.Count, slices.Min(values), slices.Max(values), mean, len(values))
	}
	for i, d := range s.distributions() {
		if i == c {
			want := distributionOf(values)
			if diff := cmp.Diff(want, d, cmp.AllowUnexported(distribution{})); diff != "" {
				t.Errorf("%s channel %d: distribution differs:\n%s", s.Value, c, diff)
			}
		}
	}
}

func TestRunDoesNotDependOnWorkers(t *testing.T) {
	t.Parallel()
	g := graphOf(t, scales)
	var want []byte
	for _, workers := range []int{1, 2, 7} {
		p, err := Run(context.Background(), g, bells(150, 12), Options{Sites: sitesOf(t, g, "x", "m"), Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := p.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = b.Bytes()
		}
		if !bytes.Equal(b.Bytes(), want) {
			t.Errorf("%d workers give another profile", workers)
		}
	}
}

func TestRunTakesSomeSamples(t *testing.T) {
	t.Parallel()
	g := graphOf(t, scales)
	var calls []int
	p, err := Run(context.Background(), g, bells(30, 12), Options{
		Sites: sitesOf(t, g, "x"), Samples: 20, Workers: 3,
		Progress: func(done, total int) {
			if total != 20 {
				t.Errorf("total %d", total)
			}
			calls = append(calls, done)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if p.Samples != 20 || p.Sites[0].Count != 20*6 || len(calls) != 20 || !slices.IsSorted(calls) {
		t.Errorf("%d samples, %d values, progress %v", p.Samples, p.Sites[0].Count, calls)
	}
}

func TestRunErrors(t *testing.T) {
	t.Parallel()
	g := graphOf(t, scales)
	infinite := bells(3, 12)
	infinite[1][5] = float32(math.Inf(1))
	x := sitesOf(t, g, "x")
	tests := []struct {
		name    string
		source  Source
		options Options
		want    string
	}{
		{"no samples", listed{}, Options{Sites: x}, "no samples"},
		{"infinite", infinite, Options{Sites: x}, `"x" is not finite`},
		{"unreadable", broken{3}, Options{Sites: x}, "no such file"},
		{"no such value", bells(3, 12), Options{Sites: []Site{{Value: 99}}}, "value 99 does not exist"},
		{"no such axis", bells(3, 12), Options{Sites: []Site{{Value: x[0].Value, Axis: 4}}}, "has no axis 4"},
		{"twice", bells(3, 12), Options{Sites: append(x, x...)}, "listed twice"},
		{"grid", bells(3, 12), Options{Sites: x, Grid: Grid{Max: 1}}, "out of range"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Run(context.Background(), g, tt.source, tt.options)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Run(ctx, g, bells(3, 12), Options{Sites: x}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}
