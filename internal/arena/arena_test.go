package arena_test

import (
	"testing"

	"pgregory.net/rapid"

	"ann2snn/internal/arena"
)

func draw(t *rapid.T) []*arena.Buffer {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) *arena.Buffer {
		b := &arena.Buffer{Size: rapid.IntRange(0, 40).Draw(t, "size"), First: arena.Never}
		for range rapid.IntRange(0, 3).Draw(t, "uses") {
			b.Use(rapid.IntRange(0, 9).Draw(t, "stage"))
		}
		return b
	}), 0, 12).Draw(t, "buffers")
}

// TestPlace: no two buffers that a stage uses overlap, offsets keep to begin and grain, and
// the block is at least as long as what any stage uses and at most as long as all buffers.
func TestPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		buffers := draw(t)
		begin, grain := rapid.IntRange(0, 20).Draw(t, "begin"), rapid.SampledFrom([]int{1, 4, 64}).Draw(t, "grain")
		end := arena.Place(buffers, begin, grain)
		all := begin
		for i, b := range buffers {
			if !b.Used() {
				continue
			}
			all += b.Size + grain
			if b.At != begin && (b.At < begin || b.At%grain != 0) || b.At+b.Size > end {
				t.Fatalf("%+v lies outside %d..%d, or not on a multiple of %d", *b, begin, end, grain)
			}
			for _, other := range buffers[:i] {
				together := other.Used() && b.First <= other.Last && other.First <= b.Last
				if together && b.At < other.At+other.Size && other.At < b.At+b.Size {
					t.Fatalf("%+v and %+v overlap", *b, *other)
				}
			}
		}
		if end > all {
			t.Fatalf("the block ends at %d, all buffers side by side at %d", end, all)
		}
		for stage := range 10 {
			live := 0
			for _, b := range buffers {
				if b.Used() && b.First <= stage && stage <= b.Last {
					live += b.Size
				}
			}
			if begin+live > end {
				t.Fatalf("stage %d uses %d, the block ends at %d", stage, begin+live, end)
			}
		}
	})
}

// TestPlaceShares: buffers that are in use one after the other share their place.
func TestPlaceShares(t *testing.T) {
	a := &arena.Buffer{Size: 10, First: 0, Last: 1}
	b := &arena.Buffer{Size: 8, First: 1, Last: 2}
	c := &arena.Buffer{Size: 9, First: 2, Last: 3}
	if end := arena.Place([]*arena.Buffer{a, b, c}, 100, 4); end != 120 || a.At != 100 || b.At != 112 || c.At != 100 {
		t.Errorf("at %d, %d and %d, end %d", a.At, b.At, c.At, end)
	}
}
