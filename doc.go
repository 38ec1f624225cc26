// Package ann2snn converts trained networks, given as ONNX files, into multi-bit spiking
// networks and runs them.
//
// This program classifies a picture by a network that is converted already:
//
//	package main
//
//	import (
//		"context"
//		"fmt"
//		"log"
//
//		"ann2snn"
//	)
//
//	func main() {
//		net, err := ann2snn.Open("demo.snn")
//		if err != nil {
//			log.Fatal(err)
//		}
//		answers, err := net.ClassifyFile(context.Background(), "glyph.png")
//		if err != nil {
//			log.Fatal(err)
//		}
//		fmt.Println(answers[0].Class, answers[0].Label, answers[0].Score)
//	}
//
// This one converts a model, calibrated on a folder of samples, and saves the network:
//
//	package main
//
//	import (
//		"context"
//		"log"
//
//		"ann2snn"
//		"ann2snn/preprocess"
//	)
//
//	func main() {
//		ctx := context.Background()
//		model, err := ann2snn.Load(ctx, "demo.onnx", ann2snn.LoadOptions{})
//		if err != nil {
//			log.Fatal(err)
//		}
//		spec, err := preprocess.Preset("mnist")
//		if err != nil {
//			log.Fatal(err)
//		}
//		samples, err := model.OpenSamples("calibration", ann2snn.SampleOptions{Preprocess: spec})
//		if err != nil {
//			log.Fatal(err)
//		}
//		net, _, err := model.Convert(ctx, samples, ann2snn.Options{Bits: 4})
//		if err != nil {
//			log.Fatal(err)
//		}
//		if err := net.Save("demo.snn"); err != nil {
//			log.Fatal(err)
//		}
//	}
//
// The zero [Options] convert as the command ann2snn does without flags: where too many answers
// change on samples held back, other settings are tried, see [Effort]. The report says what was
// chosen. The same samples and options give the same bytes, on any number of goroutines.
//
// Where samples are no files that [Model.OpenSamples] reads, [Model.Pictures],
// [Model.Inputs] and a Source of your own serve. What is no picture is classified by
// [Network.Run] and [Rank].
//
// # Smaller programs
//
// This package imports the reader of ONNX files with all that it depends on. A program
// that only runs networks needs none of that: packages snn, runtime and preprocess suffice.
// The first program above takes 15 MB, one with these packages 3.5 MB; the example of
// package runtime shows how.
//
// # The packages behind it
//
// Load is importer.Load and passes.Run; Convert is convert.Sites, calibrate.Run and
// convert.Lower, in this order. [Model.Graph] and [Network.SNN] lead to the values that
// these packages work on, and package export writes a network for other machines.
//
// # Errors
//
// Errors name the package, the operator, the node of the model and a way out. Programs can
// test for [*UnsupportedError], [*SampleError], [*OptionError] and [*snn.RangeError] (an
// integer network might overflow 32 bits) with errors.As, and with errors.Is for
// [ErrOtherModel], [ErrInputShape], [ErrOutput], [ErrNoClasses], [ErrNoPictures], [snn.ErrNotSNN],
// [snn.ErrNewer] and [snn.ErrDamaged]. No function of this package prints, logs, or panics
// on wrong arguments; a method of a nil pointer or of the zero value of a type that functions
// return is a fault of the program.
//
// # Files of strangers
//
// Whatever a file holds, functions of this package answer with a value or an error. Memory is
// bounded by the command only: it has a budget, and this package has none. Decoding takes no more
// than 64 times the file, but a .snn of 1 kB can describe layers of 2^27 elements, whose plan
// takes gigabytes; [snn.Decode] gives the layers' shapes before [Decode] plans for them. An ONNX
// file and packed data sets can ask for as much. A program that takes files from strangers bounds
// their size, gives its calls a context with a deadline, and works in a process to which the
// system gives no more memory than it may take: debug.SetMemoryLimit refuses nothing. SECURITY.md
// says what else holds.
//
// # What is stable
//
// Semantic versions cover the packages ann2snn, preprocess, snn, runtime, importer,
// calibrate, convert, ir, ir/passes, export and export/target: until version 1.0 a minor
// version may change them, and says so in CHANGELOG.md. Packages below a folder internal,
// the targets below export, and the packages of the folders bench, examples and models are
// parts of this project's programs and may change at any time.
//
// Files outlive versions. A .snn file is read by every version with the same major number
// of its format (see package snn) and gives the same answers there; so is a profile with
// the same schema number. JSON that the command prints and fields of [preprocess.Spec] are
// added to, never renamed. A new version may convert the same model to other bytes.
package ann2snn
