package snn

// fieldHeader is the size of tag, flags and length of a field.
const fieldHeader = 8

// writer writes fields; arrays go to the data section.
type writer struct {
	buf  []byte
	data *[]byte
}

func (w *writer) reading() bool   { return false }
func (w *writer) has(uint16) bool { return false }
func (w *writer) refuse(string)   {}

// field starts a field and returns where its value begins.
func (w *writer) field(tag uint16) int {
	w.buf = append(w.buf, make([]byte, fieldHeader)...)
	put16(w.buf[len(w.buf)-fieldHeader:], tag)
	return len(w.buf)
}

// end sets the length of the field, or item, whose value began at start.
func (w *writer) end(start int) { put32(w.buf[start-4:], uint32(len(w.buf)-start)) }

func (w *writer) number64(v uint64) {
	w.buf = append(w.buf, make([]byte, 8)...)
	put64(w.buf[len(w.buf)-8:], v)
}

func (w *writer) ints(tag uint16, v *[]int64) {
	if len(*v) == 0 {
		return
	}
	start := w.field(tag)
	for _, x := range *v {
		w.number64(uint64(x))
	}
	w.end(start)
}

func (w *writer) text(tag uint16, v *string) {
	if *v == "" {
		return
	}
	start := w.field(tag)
	w.buf = append(w.buf, *v...)
	w.end(start)
}

func (w *writer) array(tag uint16, v *[]byte) {
	if len(*v) == 0 {
		return
	}
	data := *w.data
	at := aligned(len(data))
	data = append(data, make([]byte, at-len(data))...)
	*w.data = append(data, *v...)
	start := w.field(tag)
	w.number64(uint64(at))
	w.number64(uint64(len(*v)))
	w.end(start)
}

func (w *writer) message(tag uint16, fields func(coder)) {
	start := w.field(tag)
	fields(w)
	w.end(start)
}

func (w *writer) list(tag uint16, n int, item func(c coder, i int)) {
	if n == 0 {
		return
	}
	start := w.field(tag)
	for i := range n {
		w.buf = append(w.buf, 0, 0, 0, 0)
		begin := len(w.buf)
		item(w, i)
		w.end(begin)
	}
	w.end(start)
}
