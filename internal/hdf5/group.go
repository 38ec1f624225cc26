package hdf5

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// A leaf of a group's tree has up to 2*leafK links, an inner node up to 2*nodeK
// children. These are the library's own defaults.
const (
	leafK = 4
	nodeK = 16
)

const (
	entrySize = 40
	leafSize  = 8 + 2*leafK*entrySize
	nodeSize  = 24 + (2*nodeK+1)*8 + 2*nodeK*8
)

func (g Group) put(w *writer, path string) (link, error) {
	if strings.Count(path, "/") > maxDepth {
		return link{}, fail(path, "groups lie too deep in each other")
	}
	names := slices.Sorted(maps.Keys(g))
	heap := slices.Repeat([]byte{0}, 8) // offset 0 is the empty name
	var entries [][]byte
	var offsets []uint64
	for _, name := range names {
		inner := path + "/" + name
		if !validName(name) {
			return link{}, fail(inner, "a name must be UTF-8 without slashes and zeros, and neither empty nor a dot")
		}
		if g[name] == nil {
			return link{}, fail(inner, "there is nothing of this name")
		}
		to, err := g[name].put(w, inner)
		if err != nil {
			return link{}, err
		}
		offsets = append(offsets, uint64(len(heap)))
		entries = append(entries, to.append(nil, uint64(len(heap))))
		heap = append(append(heap, name...), 0)
		heap = append(heap, make([]byte, -len(heap)&7)...)
	}
	to := link{heap: w.heap(heap), group: true}
	to.tree = w.tree(w.leaves(entries, offsets))
	to.header = w.header(symbolTable(to.tree, to.heap))
	return to, nil
}

func validName(s string) bool {
	return s != "" && s != "." && utf8.ValidString(s) && !strings.ContainsAny(s, "/\x00")
}

// heap writes a local heap, where the names are, and returns its address.
func (w *writer) heap(names []byte) uint64 {
	const noFree = 1 // no free block in it
	data := w.append(names, 8)
	b := []byte("HEAP\x00\x00\x00\x00")
	for _, x := range []uint64{uint64(len(names)), noFree, data} {
		b = le.AppendUint64(b, x)
	}
	return w.append(b, 8)
}

// subtree is a part of a group's tree: its address and the offset of its last name.
type subtree struct{ address, last uint64 }

// leaves writes the symbol nodes, which hold the links in the order of their names.
func (w *writer) leaves(entries [][]byte, offsets []uint64) []subtree {
	var written []subtree
	for part := range slices.Chunk(entries, 2*leafK) {
		b := append([]byte("SNOD"), 1, 0)
		b = le.AppendUint16(b, uint16(len(part)))
		for _, e := range part {
			b = append(b, e...)
		}
		b = append(b, make([]byte, leafSize-len(b))...)
		last := offsets[min(len(offsets), (len(written)+1)*2*leafK)-1]
		written = append(written, subtree{w.append(b, 8), last})
	}
	return written
}

// tree writes the inner nodes above children, level by level, and returns the address of
// the root. A group without links has a root without children.
func (w *writer) tree(children []subtree) uint64 {
	for level := byte(0); ; level++ {
		children = w.level(children, level)
		if len(children) == 1 {
			return children[0].address
		}
	}
}

// level writes the nodes of one level. They lie one after the other, so that the
// addresses of neighbours are known.
func (w *writer) level(children []subtree, level byte) []subtree {
	w.align(8)
	first := uint64(len(w.buf))
	count := max(1, (len(children)+2*nodeK-1)/(2*nodeK))
	before := uint64(0) // the greatest name before a node: at first the empty one
	var written []subtree
	for i := range count {
		part := children[i*2*nodeK : min(len(children), (i+1)*2*nodeK)]
		left, right := uint64(undefined), uint64(undefined)
		if i > 0 {
			left = first + uint64(i-1)*nodeSize
		}
		if i < count-1 {
			right = first + uint64(i+1)*nodeSize
		}
		b := append([]byte("TREE"), 0, level)
		b = le.AppendUint16(b, uint16(len(part)))
		for _, x := range []uint64{left, right, before} {
			b = le.AppendUint64(b, x)
		}
		for _, child := range part {
			b = le.AppendUint64(le.AppendUint64(b, child.address), child.last)
			before = child.last
		}
		b = append(b, make([]byte, nodeSize-len(b))...)
		written = append(written, subtree{w.append(b, 8), before})
	}
	return written
}

func fail(path, problem string) error {
	return errors.New("hdf5: " + path + ": " + problem)
}
