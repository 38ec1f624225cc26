package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// toAMX writes AMX instructions as bytes, as Go's assembler does not know them. See
// Intel's Software Developer's Manual, volume 2, chapter 2.3 (VEX) and the instructions.
func toAMX(asm []byte) []byte {
	return amxLine.ReplaceAllFunc(asm, func(line []byte) []byte {
		m := amxLine.FindSubmatch(line)
		code := amxBytes(string(m[1]), operandsOf(string(m[2])))
		return encoded(code, line)
	})
}

// encoded writes the bytes of an instruction, with the instruction as a comment.
func encoded(code, line []byte) []byte {
	parts := make([]string, len(code))
	for i, b := range code {
		parts[i] = fmt.Sprintf("BYTE $0x%02x", b)
	}
	return []byte(strings.Join(parts, "; ") + " // " + string(line))
}

var (
	amxLine    = regexp.MustCompile(`\b(LDTILECFG|TILERELEASE|TILELOADD|TILESTORED|TDPBUSD)\b *(.*)`)
	amxAddress = regexp.MustCompile(`^(-?\d+)?\((\w+)\)(?:\((\w+)\*1\))?$`)
)

// The opcodes of AMX, all of map 0F38 without W, and the prefix of VEX that each implies.
var amxCodes = map[string]struct{ opcode, prefix byte }{
	"LDTILECFG":   {0x49, 0},
	"TILERELEASE": {0x49, 0},
	"TILELOADD":   {0x4b, 3},
	"TILESTORED":  {0x4b, 2},
	"TDPBUSD":     {0x5e, 1},
}

var generalRegisters = []string{"AX", "CX", "DX", "BX", "SP", "BP", "SI", "DI", "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15"}

// amxOperand is a tile register or an address.
type amxOperand struct {
	memory       bool
	register     byte // or the base
	index        byte // SP for none
	displacement int8
}

func operandsOf(list string) []amxOperand {
	if list == "" {
		return nil
	}
	var operands []amxOperand
	for _, text := range strings.Split(list, ", ") {
		operands = append(operands, amxOperandOf(text))
	}
	return operands
}

func amxOperandOf(text string) amxOperand {
	if digit, ok := strings.CutPrefix(text, "TMM"); ok {
		return amxOperand{register: digit[0] - '0'}
	}
	m := amxAddress.FindStringSubmatch(text)
	if m == nil {
		panic("an AMX operand of another kind: " + text)
	}
	o := amxOperand{memory: true, register: generalRegister(m[2]), index: 4}
	if m[1] != "" {
		d, err := strconv.ParseInt(m[1], 10, 8)
		if err != nil {
			panic(err)
		}
		o.displacement = int8(d)
	}
	if m[3] != "" {
		o.index = generalRegister(m[3])
	}
	return o
}

func generalRegister(name string) byte {
	i := slices.Index(generalRegisters, name)
	if i < 0 {
		panic("no register " + name)
	}
	return byte(i)
}

// amxBytes encodes an instruction, whose destination comes last.
func amxBytes(mnemonic string, operands []amxOperand) []byte {
	c := amxCodes[mnemonic]
	var memory *amxOperand
	var tile, rm, second byte
	switch mnemonic {
	case "TDPBUSD":
		second, rm, tile = operands[0].register, operands[1].register, operands[2].register
	case "LDTILECFG":
		memory = &operands[0]
	case "TILELOADD":
		memory, tile = &operands[0], operands[1].register
	case "TILESTORED":
		tile, memory = operands[0].register, &operands[1]
	}
	if memory == nil {
		return []byte{0xc4, 0xe2, ^second&15<<3 | c.prefix, c.opcode, 0xc0 | tile<<3 | rm}
	}
	return []byte{
		0xc4, 1<<7 | ^(memory.index>>3)&1<<6 | ^(memory.register>>3)&1<<5 | 2, 15<<3 | c.prefix, c.opcode,
		1<<6 | tile<<3 | 4, memory.index&7<<3 | memory.register&7, byte(memory.displacement), // a SIB byte, and a displacement of 8 bits
	}
}
