package hdf5

import "math"

const (
	superblockSize = 96
	dataAlign      = 64
	undefined      = math.MaxUint64 // address of what does not exist
)

// writer holds the bytes that are written so far. Everything is appended; a reference is
// written after what it refers to.
type writer struct{ buf []byte }

// align fills up with zeros to a multiple of n.
func (w *writer) align(n int) {
	for len(w.buf)%n != 0 {
		w.buf = append(w.buf, 0)
	}
}

// append writes b at the next multiple of n and returns its address.
func (w *writer) append(b []byte, n int) uint64 {
	w.align(n)
	at := len(w.buf)
	w.buf = append(w.buf, b...)
	return uint64(at)
}

// link is an entry of a symbol table without its name: the address of the object's
// header and, of a group, those of its tree and heap, which readers expect to be cached
// here.
type link struct {
	header, tree, heap uint64
	group              bool
}

// append appends the entry to b; name is the offset of the name in the group's heap.
func (l *link) append(b []byte, name uint64) []byte {
	cached := uint64(0)
	if l.group {
		cached = 1
	}
	for _, x := range []uint64{name, l.header, cached, l.tree, l.heap} {
		b = le.AppendUint64(b, x)
	}
	return b
}

// superblock is the start of a file of the given size.
func superblock(root link, size uint64) []byte {
	b := []byte("\x89HDF\r\n\x1a\n")
	b = append(b, 0, 0, 0, 0, 0, 8, 8, 0) // versions; addresses and lengths have 8 bytes
	b = le.AppendUint16(b, leafK)
	b = le.AppendUint16(b, nodeK)
	b = le.AppendUint32(b, 0)
	for _, x := range []uint64{0, undefined, size, undefined} { // base, free space, end, driver
		b = le.AppendUint64(b, x)
	}
	return root.append(b, 0)
}

func (d Dataset) put(w *writer, path string) (link, error) {
	if d.err != nil {
		return link{}, fail(path, d.err.Error())
	}
	if d.datatype == nil {
		return link{}, fail(path, "a dataset needs a type (make it by Array or Texts)")
	}
	address := uint64(undefined)
	if len(d.raw) > 0 {
		address = w.append(d.raw, dataAlign)
	}
	header := w.header(dataspace(d.dims), message{messageDatatype, d.datatype}, noFill, contiguous(address, uint64(len(d.raw))))
	return link{header: header}, nil
}
