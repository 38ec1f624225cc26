package importer

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/internal/pb"
)

// TestSortNodes checks on random graphs that sorting keeps a sorted file as it is and
// brings a shuffled one into an order in which every value is computed before it is read.
func TestSortNodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var nodes []*pb.NodeProto
		for i := range rapid.IntRange(1, 30).Draw(t, "nodes") {
			n := op(fmt.Sprintf("v%d = Sum(x)", i))
			for _, from := range rapid.SliceOfN(rapid.IntRange(0, max(i-1, 0)), 0, 4).Draw(t, "inputs") {
				if from < i {
					n.Input = append(n.Input, fmt.Sprintf("v%d", from), "")
				}
			}
			nodes = append(nodes, n)
		}
		sorted, err := sortNodes(nodes)
		if err != nil || !slices.Equal(sorted, nodes) {
			t.Fatalf("sorted nodes changed their order: %v", err)
		}
		shuffled := slices.Clone(nodes)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		sorted, err = sortNodes(shuffled)
		if err != nil || len(sorted) != len(nodes) {
			t.Fatalf("%d nodes of %d: %v", len(sorted), len(nodes), err)
		}
		computed := map[string]bool{"x": true, "": true}
		for _, n := range sorted {
			for _, in := range n.Input {
				if !computed[in] {
					t.Fatalf("%s is read before it is computed", in)
				}
			}
			computed[n.Output[0]] = true
		}
	})
}
