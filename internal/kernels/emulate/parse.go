package emulate

import (
	"encoding/binary"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// execute does what an instruction does.
type execute func(m *machine, in *instruction)

type instruction struct {
	run      execute
	operands []operand // as written: the destination comes last
	value    int64     // of an immediate operand that comes first, which operands lacks
	size     int       // bytes of its vectors
	mask     int       // register with the elements to write; 0: all
	target   int       // of a jump
	text     string
}

type kind int

const (
	general kind = iota
	vectorRegister
	mask
	matrix // a tile register
	immediate
	memory
	label
	argument // the tile
)

type operand struct {
	kind     kind
	register int    // or base of an address
	size     int    // bytes of a vector register
	value    int64  // or displacement
	index    int    // of an address
	scale    uint64 // 0: there is no index
	symbol   string // of data, or a label
	data     []byte // what the symbol names
}

var (
	functionLine = regexp.MustCompile(`^TEXT ·(\w+)\(SB\)`)
	dataLine     = regexp.MustCompile(`^DATA (\w+)<>\+(\d+)\(SB\)/4, \$(\w+)$`)
	labelLine    = regexp.MustCompile(`^(\w+):$`)
	encodedLine  = regexp.MustCompile(`^\tBYTE .*// ([A-Z].*)$`) // an instruction that the assembler does not know is a comment after its bytes
	codeLine     = regexp.MustCompile(`^\t([A-Z]\w*)(?:\s+(.*))?$`)

	vectorName = regexp.MustCompile(`^([XYZ])(\d+)$`)
	tileName   = regexp.MustCompile(`^TMM([0-7])$`)
	maskName   = regexp.MustCompile(`^K([0-7])$`)
	address    = regexp.MustCompile(`^([-+]?\w+)?\((\w+)\)(?:\((\w+)\*([1248])\))?$`)
	dataName   = regexp.MustCompile(`^(\w+)<>\+(\d+)\(SB\)$`)
)

// Parse reads assembly files as the generator writes them.
func Parse(files ...[]byte) (Program, error) {
	p := Program{}
	for _, text := range files {
		f := file{functions: p, labels: map[string]map[string]int{}, data: map[string][]byte{}}
		for line := range strings.Lines(string(text)) {
			if err := f.line(strings.TrimSuffix(line, "\n")); err != nil {
				return nil, fmt.Errorf("emulate: %s: %w", strings.TrimSpace(line), err)
			}
		}
		if err := f.link(); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// file is an assembly file being read.
type file struct {
	functions Program
	function  string                    // the one being read
	labels    map[string]map[string]int // by function
	data      map[string][]byte
}

func (f *file) line(line string) error {
	if m := encodedLine.FindStringSubmatch(line); m != nil {
		line = "\t" + m[1]
	}
	if m := functionLine.FindStringSubmatch(line); m != nil {
		f.function, f.labels[m[1]] = m[1], map[string]int{}
		return nil
	}
	if m := labelLine.FindStringSubmatch(line); m != nil {
		f.labels[f.function][m[1]] = len(f.functions[f.function])
		return nil
	}
	if m := dataLine.FindStringSubmatch(line); m != nil {
		return f.define(m[1], m[2], m[3])
	}
	m := codeLine.FindStringSubmatch(line)
	if m == nil {
		return nil
	}
	in, err := decode(m[1], m[2])
	f.functions[f.function] = append(f.functions[f.function], in)
	return err
}

// define adds four bytes to data.
func (f *file) define(name, at, value string) error {
	offset, errOffset := strconv.Atoi(at)
	x, errValue := strconv.ParseUint(value, 0, 32)
	if err := errors.Join(errOffset, errValue); err != nil {
		return err
	}
	if offset != len(f.data[name]) {
		return errors.New("a gap comes before this")
	}
	f.data[name] = binary.LittleEndian.AppendUint32(f.data[name], uint32(x))
	return nil
}

// link points jumps at their targets and addresses at data.
func (f *file) link() error {
	for name, labels := range f.labels {
		for i := range f.functions[name] {
			in := &f.functions[name][i]
			for j := range in.operands {
				o := &in.operands[j]
				target, ok := labels[o.symbol]
				if o.kind == label && !ok {
					return in.fail("no such label")
				}
				in.target, o.data = max(in.target, target), f.data[o.symbol]
			}
		}
	}
	return nil
}

func decode(mnemonic, list string) (instruction, error) {
	in := instruction{run: executes[mnemonic], text: mnemonic + " " + list}
	if in.run == nil {
		return in, errors.New("unknown instruction")
	}
	if list == "" {
		return in, nil
	}
	for i, text := range strings.Split(list, ", ") {
		o, err := decodeOperand(text)
		switch {
		case err != nil:
			return in, err
		case o.kind == immediate && i == 0:
			in.value = o.value
		}
		in.size = max(in.size, o.size)
		in.operands = append(in.operands, o)
	}
	if mnemonic[0] == 'V' {
		in.arrange()
	}
	return in, nil
}

// arrange takes the immediate and the mask out of a vector instruction's operands.
func (in *instruction) arrange() {
	if in.operands[0].kind == immediate {
		in.operands = in.operands[1:]
	}
	if at := len(in.operands) - 2; at > 0 && in.operands[at].kind == mask {
		in.mask = in.operands[at].register
		in.operands = slices.Delete(in.operands, at, at+1)
	}
}

var generalNames = []string{"AX", "BX", "CX", "DX", "SI", "DI", "BP", "SP", "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15"}

func decodeOperand(text string) (operand, error) {
	if i := slices.Index(generalNames, text); i >= 0 {
		return operand{kind: general, register: i}, nil
	}
	if value, ok := strings.CutPrefix(text, "$"); ok {
		x, err := strconv.ParseInt(value, 0, 64)
		return operand{kind: immediate, value: x}, err
	}
	if m := vectorName.FindStringSubmatch(text); m != nil {
		register, err := strconv.Atoi(m[2])
		return operand{kind: vectorRegister, register: register, size: 16 << strings.Index("XYZ", m[1])}, err
	}
	if m := maskName.FindStringSubmatch(text); m != nil {
		return operand{kind: mask, register: int(m[1][0] - '0')}, nil
	}
	if m := tileName.FindStringSubmatch(text); m != nil {
		return operand{kind: matrix, register: int(m[1][0] - '0')}, nil
	}
	if text == "t+0(FP)" {
		return operand{kind: argument}, nil
	}
	if m := dataName.FindStringSubmatch(text); m != nil {
		offset, err := strconv.ParseInt(m[2], 10, 64)
		return operand{kind: memory, symbol: m[1], value: offset}, err
	}
	if m := address.FindStringSubmatch(text); m != nil {
		return decodeAddress(m[1], m[2], m[3], m[4])
	}
	return operand{kind: label, symbol: text}, nil
}

func decodeAddress(displacement, base, index, scale string) (operand, error) {
	o := operand{kind: memory, register: slices.Index(generalNames, base)}
	if o.register < 0 {
		return o, errors.New("unknown register " + base)
	}
	var err error
	if displacement != "" {
		o.value, err = strconv.ParseInt(displacement, 0, 64)
	}
	if index != "" {
		o.index, o.scale = slices.Index(generalNames, index), uint64(scale[0]-'0')
		if o.index < 0 {
			return o, errors.New("unknown register " + index)
		}
	}
	return o, err
}
