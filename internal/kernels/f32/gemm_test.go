package f32

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/kernels/kerneltest"
)

func random(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

// near compares c with float64 sums and the sums of magnitudes that bound the error.
func near(t *testing.T, name string, got []float32, want, size []float64) {
	t.Helper()
	for i, x := range got {
		if math.IsNaN(want[i]) != (x != x) || math.Abs(float64(x)-want[i]) > 1e-6*size[i] {
			t.Fatalf("%s: element %d is %v, want %v", name, i, x, want[i])
		}
	}
}

func gemmByDefinition(c []float32, a, b Matrix, add bool) (sum, size []float64) {
	sum, size = make([]float64, a.Rows*b.Cols), make([]float64, a.Rows*b.Cols)
	for i := range a.Rows {
		for j := range b.Cols {
			at := i*b.Cols + j
			if add {
				sum[at], size[at] = float64(c[at]), math.Abs(float64(c[at]))
			}
			for k := range a.Cols {
				p := float64(a.Data[i*a.Row+k*a.Col]) * float64(b.Data[k*b.Row+j*b.Col])
				sum[at], size[at] = sum[at]+p, size[at]+math.Abs(p)
			}
		}
	}
	return sum, size
}

func TestGemm(t *testing.T) {
	shapes := [][3]int{{1, 1, 1}, {1, 40, 300}, {3, 5, 7}, {6, 64, 256}, {13, 129, 257}, {70, 17, 600}, {11, 530, 30}, {5, 3, 0}, {29, 1, 513}}
	for rows := 1; rows <= 10; rows++ { // tiles of all sizes
		for cols := 16; cols <= 64; cols += 16 {
			shapes = append(shapes, [3]int{rows, cols, 5})
		}
	}
	var assembly [][]float32 // results of the first set of assembly, for the others
	for s, set := range cpu.Sets() {
		r := rand.New(rand.NewPCG(1, 2))
		g := NewGemm(set)
		for i, k := range shapes {
			for layout := range 8 {
				name := fmt.Sprint(set.Name, k, layout)
				a, b := RowMajor(random(r, k[0]*k[2]+1)[1:], k[2]), RowMajor(random(r, k[2]*k[1]), k[1])
				a.Rows, b.Rows = k[0], k[2]
				if layout&1 != 0 {
					a = RowMajor(a.Data, k[0]).T()
					a.Rows, a.Cols = k[0], k[2]
				}
				if layout&2 != 0 {
					b = RowMajor(b.Data, k[2]).T()
					b.Rows, b.Cols = k[2], k[1]
				}
				if i == 4 { // propagates to its row only
					a.Data[3] = float32(math.NaN())
				}
				data := random(r, k[0]*k[1]+2)
				c := RowMajor(data[1:len(data)-1], k[1])
				packed := RowMajor(slices.Clone(c.Data), k[1])
				before := [2]float32{data[0], data[len(data)-1]}
				sum, size := gemmByDefinition(c.Data, a, b, layout&4 != 0)
				g.Mul(c, a, b, layout&4 != 0)
				near(t, name, c.Data, sum, size)
				if before != [2]float32{data[0], data[len(data)-1]} {
					t.Fatalf("%s: wrote outside the matrix", name)
				}
				if layout&4 == 0 {
					g.MulPacked(packed, a, Pack(set, b))
					sameBits(t, name+" packed", packed.Data, c.Data)
				}
				if kernelsOf(set) == &plain {
					continue
				}
				if s == 0 {
					assembly = append(assembly, c.Data)
					continue
				}
				sameBits(t, name, c.Data, assembly[8*i+layout])
			}
		}
	}
}

func sameBits(t *testing.T, name string, a, b []float32) {
	t.Helper()
	for i := range a {
		if math.Float32bits(a[i]) != math.Float32bits(b[i]) && a[i] == a[i] {
			t.Fatalf("%s: element %d is %v, another set says %v", name, i, a[i], b[i])
		}
	}
}

func BenchmarkGemm(b *testing.B) {
	for _, set := range cpu.Sets() {
		for _, k := range [][3]int{{512, 512, 512}, {64, 3136, 576}, {1000, 1, 512}} {
			b.Run(fmt.Sprintf("%dx%dx%d/%s", k[0], k[1], k[2], set.Name), func(b *testing.B) {
				r := rand.New(rand.NewPCG(1, 2))
				x, y, z := RowMajor(random(r, k[0]*k[2]), k[2]), RowMajor(random(r, k[1]*k[2]), k[1]), RowMajor(make([]float32, k[0]*k[1]), k[1])
				g := NewGemm(set)
				kerneltest.ReportShare(b, 2*float64(k[0]*k[1]*k[2]), Peak, func() { g.Mul(z, x, y, false) })
			})
		}
		b.Run("XtX-256x1000/"+set.Name, func(b *testing.B) {
			x, z := RowMajor(random(rand.New(rand.NewPCG(1, 2)), 256*1000), 256), RowMajor(make([]float32, 256*256), 256)
			g := NewGemm(set)
			kerneltest.ReportShare(b, 2*256*256*1000, Peak, func() { g.Mul(z, x.T(), x, false) })
		})
	}
}
