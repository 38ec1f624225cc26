package spike

import "ann2snn/snn"

// event is a spike that is not zero.
type event[S Level] struct {
	at    int32 // position in its row and group: x*channels+c
	level S
}

// Events lists the spikes of a map that are not zero. The zero value is an empty
// list; a list keeps its memory from one use to the next.
type Events[S Level] struct {
	all   []event[S]
	first []int32 // index into all of the first event of every (group, y, x), and an end
}

// gather lists the spikes of src. Channels fall into groups of equal size; the list is
// in the order group, y, x, channel.
func (e *Events[S]) gather(src []S, in snn.Shape, groups int) {
	size := in.C / groups
	e.grow(len(src), groups*in.H*in.W+1)
	n, at := 0, 0
	for g := range groups {
		for y := range in.H {
			for x := range in.W {
				e.first[at] = int32(n)
				at++
				pixel := src[(y*in.W+x)*in.C+g*size:][:size]
				n = appendEvents(e.all, n, pixel, x*size)
			}
		}
	}
	e.first[at] = int32(n)
}

// appendEvents puts the spikes of pixel into all from index n on and returns the new
// count. Every element is written, and the next one overwrites it if it is zero: there is
// no branch to mispredict. all needs room for all of pixel, which starts at position at.
func appendEvents[S Level](all []event[S], n int, pixel []S, at int) int {
	all = all[:n+len(pixel)]
	for c, level := range pixel {
		all[n] = event[S]{int32(at + c), level}
		kept := 0
		if level != 0 {
			kept = 1
		}
		n += kept
	}
	return n
}

func (e *Events[S]) grow(events, pixels int) {
	if len(e.all) < events {
		e.all = make([]event[S], events)
	}
	if len(e.first) < pixels {
		e.first = make([]int32, pixels)
	}
}
