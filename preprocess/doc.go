// Package preprocess turns pictures into the input of a network: it decodes, resizes,
// crops and normalises them as the network was trained to see them.
//
//	spec, err := preprocess.Preset("imagenet")          // or Parse, of what a .snn stores
//	input, err := spec.Input([]int{3, 224, 224})        // the model's input shape
//	img, err := preprocess.Decode(file)                 // or any image.Image
//	sample := make([]float32, input.Len())
//	err = input.Prepare(sample, img)
//
// Pixels are converted to the channels that the model takes, resized with an anti-aliased
// bilinear filter that equals Pillow's, cropped at the centre and scaled per channel; see
// [Spec]. Pictures are turned as their EXIF says. Colour profiles are ignored. Transparency is
// dropped as Pillow's convert("RGB") drops it: a transparent pixel keeps its colour, and no
// background shows through.
//
// Nothing here reads files or knows of data sets, and the package depends on the standard
// library and golang.org/x/image alone, so that it suits small programs.
package preprocess
