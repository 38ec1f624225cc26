// Package dataset reads samples for calibration, comparison and inference: IDX (MNIST),
// CIFAR binaries, image folders, NumPy arrays. [Open] recognises the format by content.
//
// Samples are read and preprocessed when they are asked for, by any number of goroutines
// at once, and only one sample per goroutine is in memory (compressed files are held
// decompressed, and Fortran-ordered arrays whole).
//
// Pictures become the model's input as the preprocessing in [Options] says; package
// preprocess does that.
package dataset
