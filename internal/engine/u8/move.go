package u8

import (
	"ann2snn/internal/kernels/u8"
	"ann2snn/snn"
)

// copyRun is a run of bytes to copy, or, where from is negative, of zeros to write.
type copyRun struct{ to, from, n int }

// copyStage moves levels.
type copyStage struct {
	layer int
	froms []int
	runs  [][]copyRun // of each input
}

// copyJob is a copyStage of a session.
type copyJob struct {
	*copyStage
	e    *session
	halo halo
}

func (s *copyStage) bind(e *session) job { return &copyJob{s, e, e.haloOf(s.layer)} }

func (j *copyJob) begin() { j.halo.clear() }

func (j *copyJob) parts() int { return 1 }

func (j *copyJob) run(*u8.Worker, int) {
	to := &j.e.stores[j.layer]
	for k, from := range j.froms {
		in := &j.e.stores[from]
		for step := range to.steps {
			dst, src := j.e.levels(j.layer)[step*to.levels.Len():], j.e.levels(from)[step*in.levels.Len():]
			for _, r := range j.runs[k] {
				if r.from < 0 {
					fill(dst[r.to:][:r.n], uint8(to.zero))
				} else {
					copy(dst[r.to:][:r.n], src[r.from:])
				}
			}
		}
	}
}

// addConcat adds the stage that copies those inputs of a Concat that are not written in
// place.
func (p *planner) addConcat(i int) {
	l, to := &p.Layers[i], &p.stores[i]
	root, offset := i, 0
	if to.parent >= 0 {
		root = to.parent
	}
	s := &copyStage{layer: i}
	for _, from := range l.In {
		in := &p.stores[from]
		if !p.copies(i, from) {
			p.addGeneric(i)
			return
		}
		if in.parent != root || in.offset != to.offset+offset {
			s.froms = append(s.froms, from)
			s.runs = append(s.runs, copyPixels(to, in, offset))
		}
		offset += in.shape.C
	}
	p.add(i, s, l.In, i)
}

// copyPixels lists the runs that put every pixel of a map into the channels from offset
// on of a wider one.
func copyPixels(to, in *store, offset int) []copyRun {
	runs := make([]copyRun, 0, in.shape.H*in.shape.W)
	for y := range in.shape.H {
		for x := range in.shape.W {
			runs = append(runs, copyRun{to.levels.Offset(y, x) + offset, in.levels.Offset(y, x), in.shape.C})
		}
	}
	return runs
}

// addGather adds the stage of a Gather.
func (p *planner) addGather(i int, op snn.Gather) {
	from := p.Layers[i].In[0]
	if !p.copies(i, from) {
		p.addGeneric(i)
		return
	}
	s := &copyStage{layer: i, froms: []int{from}, runs: [][]copyRun{gatherRuns(&p.stores[i], &p.stores[from], op.Index)}}
	p.add(i, s, []int{from}, i)
}

// gatherRuns joins elements that stay together.
func gatherRuns(to, in *store, index []int32) []copyRun {
	var runs []copyRun
	for i, k := range index {
		r := copyRun{to: to.offsetOf(i), from: -1, n: 1}
		if k >= 0 {
			r.from = in.offsetOf(int(k))
		}
		if len(runs) > 0 {
			last := &runs[len(runs)-1]
			if last.to+last.n == r.to && (last.from < 0 && r.from < 0 || last.from >= 0 && last.from+last.n == r.from) {
				last.n++
				continue
			}
		}
		runs = append(runs, r)
	}
	return runs
}

// offsetOf returns where element i, in H, W, C order, lies in a map of levels.
func (s *store) offsetOf(i int) int {
	pixel, c := i/s.shape.C, i%s.shape.C
	return s.levels.Offset(pixel/s.shape.W, pixel%s.shape.W) + c
}
