// Package dataset reads samples for calibration, comparison and inference: IDX (MNIST),
// CIFAR binaries, image folders, NumPy arrays. [Open] recognises the format by content.
//
// Samples are read and preprocessed when they are asked for, by any number of goroutines
// at once, and only one sample per goroutine is in memory (compressed files are held
// decompressed, and Fortran-ordered arrays whole).
//
// Pixels are converted to the channels the model wants, resized with an anti-aliased
// bilinear filter that equals Pillow's, cropped at the centre and scaled per channel; see
// [Preprocess]. EXIF orientation and colour profiles are ignored, transparency is dropped.
package dataset
