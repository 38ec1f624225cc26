package snn

// reader fills in fields from a message.
type reader struct {
	rest []byte // fields not visited yet
	last uint16 // tag of the last field that was skipped or visited
	file *fileReader
}

// fileReader is what all readers of a file share.
type fileReader struct {
	data []byte // the data section
	end  int    // of the last array read from it
	err  error  // the first problem
}

func (r *reader) reading() bool { return true }

func (r *reader) refuse(problem string) {
	r.stop(damaged("the network's description is broken: " + problem))
}

// stop ends the reading with an error, unless there was one.
func (r *reader) stop(err error) {
	if r.file.err == nil {
		r.file.err = err
	}
	r.rest = nil
}

// has skips what is in front of the field and reports whether the message has it.
func (r *reader) has(tag uint16) bool {
	for {
		next, _, _ := r.peek()
		if next == 0 || next > tag {
			return false
		}
		if next == tag {
			return true
		}
		r.skip()
	}
}

// peek returns tag, flags and value of the next field; tag 0 at the end or when broken.
func (r *reader) peek() (tag, flags uint16, value []byte) {
	if len(r.rest) == 0 || r.file.err != nil {
		return 0, 0, nil
	}
	if len(r.rest) < fieldHeader || uint64(get32(r.rest[4:])) > uint64(len(r.rest)-fieldHeader) {
		r.refuse("a field is cut off")
		return 0, 0, nil
	}
	tag, flags = get16(r.rest), get16(r.rest[2:])
	if tag <= r.last {
		r.refuse("fields are out of order")
		return 0, 0, nil
	}
	return tag, flags, r.rest[fieldHeader:][:get32(r.rest[4:])]
}

// skip leaves out a field that nobody asked for.
func (r *reader) skip() {
	if _, flags, _ := r.peek(); flags&criticalFlag != 0 {
		r.stop(newer("a field marked critical is not known (use a newer ann2snn)"))
		return
	}
	r.take()
}

// take returns the value of the next field and moves on.
func (r *reader) take() []byte {
	tag, _, value := r.peek()
	r.last, r.rest = tag, r.rest[fieldHeader+len(value):]
	return value
}

// finish skips what is left.
func (r *reader) finish() {
	for {
		if tag, _, _ := r.peek(); tag == 0 {
			return
		}
		r.skip()
	}
}

func (r *reader) ints(tag uint16, v *[]int64) {
	if !r.has(tag) {
		return
	}
	value := r.take()
	if len(value)%8 != 0 {
		r.refuse("a list of integers is cut off")
		return
	}
	*v = make([]int64, len(value)/8)
	for i := range *v {
		(*v)[i] = int64(get64(value[8*i:]))
	}
}

func (r *reader) text(tag uint16, v *string) {
	if r.has(tag) {
		*v = string(r.take())
	}
}

// array insists on arrays in the order of their fields, so that no byte is used twice.
func (r *reader) array(tag uint16, v *[]byte) {
	if !r.has(tag) {
		return
	}
	value := r.take()
	if len(value) != 16 {
		r.refuse("an array has no place")
		return
	}
	at, size := get64(value), get64(value[8:])
	length := uint64(len(r.file.data))
	if at%alignment != 0 || at < uint64(r.file.end) || at > length || size > length-at {
		r.refuse("an array lies outside its place")
		return
	}
	r.file.end = int(at + size)
	*v = r.file.data[at : at+size : at+size]
}

func (r *reader) message(tag uint16, fields func(coder)) {
	if r.has(tag) {
		r.inner(r.take(), fields)
	}
}

func (r *reader) inner(value []byte, fields func(coder)) {
	in := &reader{rest: value, file: r.file}
	fields(in)
	in.finish()
}

func (r *reader) list(tag uint16, _ int, item func(c coder, i int)) {
	if !r.has(tag) {
		return
	}
	value := r.take()
	for i := 0; len(value) > 0 && r.file.err == nil; i++ {
		if len(value) < 4 || uint64(get32(value)) > uint64(len(value)-4) {
			r.refuse("a list is cut off")
			return
		}
		size := get32(value)
		r.inner(value[4:][:size], func(c coder) { item(c, i) })
		value = value[4+size:]
	}
}
