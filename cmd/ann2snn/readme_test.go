package main

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"ann2snn/internal/testutil"
)

// TestReadmeCommands runs the commands of ann2snn in the blocks of the README, in their order,
// in a folder that has what they name: a ResNet-20 and pictures.
func TestReadmeCommands(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while")
	}
	dir := t.TempDir()
	model, err := os.ReadFile(testutil.Data(t, "models/cifar10_resnet20_folded.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "resnet.onnx"), model)
	cifarPictures(t, testutil.Data(t, "cifar10/calib_batch.bin"), filepath.Join(dir, "images"), 80)
	cifarPictures(t, testutil.Data(t, "cifar10/test_batch.bin"), filepath.Join(dir, "test-images"), 120)
	cat, err := filepath.Glob(filepath.Join(dir, "test-images", "3", "*"))
	if err != nil || len(cat) == 0 {
		t.Fatalf("no picture of a cat, %v", err)
	}
	if err := os.Link(cat[0], filepath.Join(dir, "cat.jpg")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("D", filepath.Dir(filepath.Dir(testutil.Data(t, "models/cifar10_resnet20_folded.onnx"))))
	lines := pageCommands(t, "README.md")
	t.Chdir(dir)
	if len(lines) < 10 {
		t.Errorf("found no more than %d commands", len(lines))
	}
	for _, line := range lines {
		runLine(t, few(line))
	}
	for _, file := range []string{"resnet.snn", "report.html", "demo.html", "resnet_c/resnet.c"} {
		if _, err := os.Stat(file); err != nil {
			t.Error(err)
		}
	}
}

// TestDocsCommands runs the commands of the pages in docs on a few samples each: all, or the first
// of each model and its data.
func TestDocsCommands(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while")
	}
	t.Setenv("D", filepath.Dir(filepath.Dir(testutil.Data(t, "models/cifar10_resnet20_folded.onnx"))))
	dir := t.TempDir()
	if err := os.Symlink(filepath.Join(testutil.Root(), "models"), filepath.Join(dir, "models")); err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(testutil.Root(), "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, page := range pages {
		lines = append(lines, pageCommands(t, filepath.Join("docs", filepath.Base(page)))...)
	}
	t.Chdir(dir)
	known, skip := make(map[string]bool), false // what a conversion is of
	for _, line := range lines {
		if strings.Contains(line, "MODEL") { // the form of all that follow
			continue
		}
		if words := strings.Fields(line); words[0] == "convert" {
			of := strings.Join(words[:4], " ")
			skip, known[of] = known[of] && !full, true
		}
		if !skip { // with what follows the conversion
			runLine(t, few(strings.ReplaceAll(line, "FLAGS", "--bits 4 --steps 1")))
		}
	}
}

// few is a command on the shared data with few samples.
func few(line string) string {
	switch command, _, _ := strings.Cut(line, " "); {
	case command == "demo" || !strings.Contains(line, "$D") && !strings.Contains(line, "models/"):
	case command == "convert":
		line += " --limit 64 --calib-samples 16 --effort fast -f"
	case command == "compare":
		line += " --limit 32"
	}
	return line
}

// pageCommands returns what follows the name of the program in the blocks of a page.
func pageCommands(t *testing.T, page string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testutil.Root(), page))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, block := range codeBlock.FindAllString(string(text), -1) {
		for line := range strings.Lines(block) {
			if args := commandLine(line); args != nil {
				lines = append(lines, strings.Join(args, " "))
			}
		}
	}
	return lines
}

// runLine runs a command line, in which variables stand for folders.
func runLine(t *testing.T, line string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	args := strings.Fields(os.ExpandEnv(line))
	if code := run(args, strings.NewReader(""), &stdout, &stderr); code != exitOK {
		t.Errorf("ann2snn %s: exit code %d\n%s", line, code, stderr.String())
	}
}

// cifarPictures writes the first n pictures of a file of CIFAR-10 as PNG, into folders of their
// classes.
func cifarPictures(t *testing.T, file, dir string, n int) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const plane = 32 * 32
	for i := range n {
		record := data[i*(1+3*plane):][:1+3*plane]
		picture := image.NewNRGBA(image.Rect(0, 0, 32, 32))
		for p := range plane {
			for c := range 3 {
				picture.Pix[4*p+c] = record[1+c*plane+p]
			}
			picture.Pix[4*p+3] = 255
		}
		class := filepath.Join(dir, strconv.Itoa(int(record[0])))
		if err := os.MkdirAll(class, 0o750); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := png.Encode(&b, picture); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(class, fmt.Sprintf("%04d.png", i)), b.Bytes())
	}
}
