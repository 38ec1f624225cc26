package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// row is the memory and the instructions of one network.
type row struct {
	network    network
	bits       string
	steps      int
	arena      int // bytes to run all steps at once
	stepArena  int // and to run step by step
	onMachines []taken
}

// taken is the memory and the instructions of a network on a machine.
type taken struct {
	fits         bool
	flash        int // bytes of code and tables
	instructions int64
}

// machine is a microcontroller that QEMU has a board of.
type machine struct {
	name    string
	compile string // and the flags of the processor
	link    string
	size    string
	qemu    string
	hertz   int64 // of the timer that counts; 0: there is a counter of instructions
}

// machines as in the exports' Makefile. With -icount shift=0 an instruction takes a
// nanosecond of the board's time, which the timer counts.
var machines = []machine{
	{
		name:    "Cortex-M3",
		compile: "arm-none-eabi-gcc -mcpu=cortex-m3 -mthumb",
		link:    "-nostartfiles --specs=rdimon.specs -T board/cortex-m.ld board/cortex-m.c",
		size:    "arm-none-eabi-size", qemu: "qemu-system-arm -M mps2-an385", hertz: 25_000_000,
	},
	{
		name:    "Cortex-M55",
		compile: "arm-none-eabi-gcc -mcpu=cortex-m55+nomve+nofp -mthumb -mfloat-abi=soft",
		link:    "-nostartfiles --specs=rdimon.specs -T board/cortex-m.ld board/cortex-m.c",
		size:    "arm-none-eabi-size", qemu: "qemu-system-arm -M mps3-an547", hertz: 32_000_000,
	},
	{
		name:    "RV32IMAC",
		compile: "riscv64-unknown-elf-gcc --specs=picolibc.specs -march=rv32imac -mabi=ilp32 -misa-spec=2.2 -mcmodel=medany",
		link:    "--oslib=semihost --crt0=hosted -Wl,--defsym=__flash=0x80000000,--defsym=__flash_size=0x1000000,--defsym=__ram=0x81000000,--defsym=__ram_size=0x1000000",
		size:    "riscv64-unknown-elf-size", qemu: "qemu-system-riscv32 -M virt -bios none",
	},
}

//go:embed board/count.c
var countSource []byte

// measure converts, exports and runs a network of some bits and steps.
func (b *bench) measure(ctx context.Context, n network, bits string, steps int) (*row, error) {
	name := n.name
	file, dir := filepath.Join(b.dir, name+".snn"), filepath.Join(b.dir, name+"_c")
	convert := append([]string{b.program, "convert", n.model, "-q", "-f", "-o", file, "--data", n.calibration, "--preprocess", n.preprocess}, conversion(bits, steps)...)
	if _, err := b.command(ctx, ".", convert...); err != nil {
		return nil, err
	}
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	if _, err := b.command(ctx, ".", b.program, "export", file, "-q", "--target", "c", "-o", dir, "--data", n.test, "--limit", "1"); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "count.c"), countSource, 0o600); err != nil {
		return nil, err
	}
	r := &row{network: n, bits: bits, steps: steps}
	header, err := os.ReadFile(filepath.Join(dir, name+".h"))
	if err != nil {
		return nil, err
	}
	if r.arena, err = number(string(header), `_ARENA_SIZE (\d+)u`); err != nil {
		return nil, err
	}
	if r.stepArena, err = number(string(header), `_STEP_ARENA_SIZE (\d+)u`); err != nil {
		return nil, err
	}
	for _, m := range machines {
		t, err := b.on(ctx, &m, name, dir)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
		r.onMachines = append(r.onMachines, *t)
	}
	return r, nil
}

// number finds a number in a text.
func number(text, pattern string) (int, error) {
	match := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if match == nil {
		return 0, fmt.Errorf("%q is not in %q", pattern, text)
	}
	return strconv.Atoi(match[1])
}

// on measures an export on a machine.
func (b *bench) on(ctx context.Context, m *machine, name, dir string) (*taken, error) {
	sources := []string{name + ".c", name + "_data.c"}
	compile := append(strings.Fields(m.compile), "-std=c99", "-O2")
	objects := append(append([]string{}, compile...), "-ffreestanding", "-c")
	if _, err := b.command(ctx, dir, append(objects, sources...)...); err != nil {
		return nil, err
	}
	sizes, err := b.command(ctx, dir, m.size, "-t", name+".o", name+"_data.o")
	if err != nil {
		return nil, err
	}
	t := &taken{fits: true}
	if t.flash, err = number(sizes, `(?m)^\s*(\d+)\s.*TOTALS`); err != nil {
		return nil, err
	}
	upper := strings.ToUpper(name)
	link := append(compile, "-D"+upper+"_NO_MAIN", "-DSELFTEST="+name+"_selftest", "-o", "count.elf", "count.c", name+"_test.c")
	if _, err := b.command(ctx, dir, append(append(link, sources...), strings.Fields(m.link)...)...); err != nil {
		if strings.Contains(err.Error(), "overflowed by") {
			return &taken{flash: t.flash}, nil
		}
		return nil, err
	}
	words := append(strings.Fields(m.qemu), strings.Fields("-nographic -monitor none -serial none -icount shift=0 -semihosting-config enable=on,target=native -kernel count.elf")...)
	out, err := b.command(ctx, dir, words...)
	if err != nil {
		return nil, err
	}
	count, err := number(out, `(?m)^count (\d+)$`)
	if err != nil {
		return nil, err
	}
	t.instructions = int64(count)
	if m.hertz > 0 {
		t.instructions = int64(count) * 1_000_000_000 / m.hertz
	}
	if t.instructions == 0 {
		return nil, errors.New("no instruction was counted")
	}
	return t, nil
}
