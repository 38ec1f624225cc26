// Package arena places buffers in one block of memory, so that those in use at the same
// time do not overlap and others share their place. Whoever lays out a computation whose
// stages run one after the other uses it: it notes the stages by which each buffer is
// written and read (Use), and Place gives each its offset.
package arena

import (
	"cmp"
	"math"
	"slices"
)

// Buffer is a part of the block. The zero value with First set to Never is in use at no
// stage and needs no place.
type Buffer struct {
	Size        int // in any unit, which is that of At too
	First, Last int // the first and the last stage at which it is in use
	At          int // its offset, which Place sets
}

// Never is the First of a buffer that no stage uses yet.
const Never = math.MaxInt

// Use notes that a stage writes or reads the buffer.
func (b *Buffer) Use(stage int) { b.First, b.Last = min(b.First, stage), max(b.Last, stage) }

// Used reports whether any stage uses the buffer.
func (b *Buffer) Used() bool { return b.First <= b.Last }

// overlaps reports whether some stage uses both buffers.
func (b *Buffer) overlaps(other *Buffer) bool { return b.First <= other.Last && other.First <= b.Last }

// Place gives every buffer in use its offset, begin or more, and returns where the last of
// them ends, at least begin. The largest buffers come first, each at the lowest offset
// that is free for as long as it is in use. Offsets are begin or multiples of grain.
func Place(buffers []*Buffer, begin, grain int) (end int) {
	order := slices.DeleteFunc(slices.Clone(buffers), func(b *Buffer) bool { return !b.Used() })
	slices.SortStableFunc(order, func(a, b *Buffer) int { return cmp.Compare(b.Size, a.Size) })
	end = begin
	var placed []*Buffer // sorted by offset
	for _, b := range order {
		b.At = begin
		for _, other := range placed {
			if !b.overlaps(other) {
				continue
			}
			if b.At+b.Size <= other.At {
				break
			}
			b.At = max(b.At, (other.At+other.Size+grain-1)/grain*grain)
		}
		end = max(end, b.At+b.Size)
		i, _ := slices.BinarySearchFunc(placed, b.At+1, func(p *Buffer, at int) int { return cmp.Compare(p.At, at) })
		placed = slices.Insert(placed, i, b)
	}
	return end
}
