/// Named tensors in files: the safetensors format, read and written without any dependency.
///
/// Read [larch.checkpoint.SafeTensors] first, then [larch.checkpoint.Checkpoint]. `Header` states what a
/// valid file is, `HeaderJson` reads its JSON, `TensorData` turns bytes into floats, `AtomicFile` replaces a
/// file as a whole.
package larch.checkpoint;
