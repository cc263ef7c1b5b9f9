// Rows of matrices: gathered, scattered, added up, multiplied by sparse matrices; strided blocks; constants.
//
// All kernels are one-dimensional, with one work-item for each element of a [rows,cols] result: neighbouring work-items
// have neighbouring columns of one row, so they touch neighbouring elements and read the same index. Work-items beyond the
// last element do nothing. Every buffer of floats has an offset, the index of its first element.
//
// Nothing here uses atomics: each element is computed by one work-item, which adds in the order of the CPU. So the bits
// are the CPU's, on every run.
#pragma OPENCL FP_CONTRACT OFF

// Element -> row and column. In 32 bits, because devices divide those far faster; no matrix has more elements.
#define ROW_AND_COLUMN(rows, cols)           \
    size_t i = get_global_id(0);             \
    if (i >= (size_t) rows * cols) return;   \
    uint row = (uint) i / (uint) cols;       \
    uint column = (uint) i % (uint) cols;

// out[row] = table[indices[row]] for row < count.
__kernel void gather_rows(__global const float* table, int tableOffset, __global const int* indices,
        __global float* out, int outOffset, int count, int cols) {
    ROW_AND_COLUMN(count, cols)
    out[outOffset + i] = table[tableOffset + (size_t) indices[row] * cols + column];
}

// out[indices[row]] = rows[row] for row < count; the indices differ from each other.
__kernel void scatter_rows(__global const float* rows, int rowsOffset, __global const int* indices,
        __global float* out, int outOffset, int count, int cols) {
    ROW_AND_COLUMN(count, cols)
    out[outOffset + (size_t) indices[row] * cols + column] = rows[rowsOffset + i];
}

// out[targets[s]] += rows[order[starts[s]]] + ... one after another, for s < segments (RowSegments.java). The targets differ
// from each other, so a work-item has its element of `out` to itself.
__kernel void scatter_add_rows(__global const float* rows, int rowsOffset, __global const int* order,
        __global const int* starts, __global const int* targets, __global float* out, int outOffset,
        int segments, int cols) {
    ROW_AND_COLUMN(segments, cols)
    __global float* target = out + outOffset + (size_t) targets[row] * cols + column;
    float sum = *target;
    int end = starts[row + 1];
    for (int s = starts[row]; s < end; s++) {
        sum += rows[rowsOffset + (size_t) order[s] * cols + column];
    }
    *target = sum;
}

// Entry after entry of a sparse row, each scaling a row of the dense factor.
float sparse_row(float sum, int begin, int end, __global const int* columns, __global const float* values,
        __global const float* dense, int cols, uint column) {
    for (int e = begin; e < end; e++) {
        sum = fma(values[e], dense[(size_t) columns[e] * cols + column], sum);
    }
    return sum;
}

// out = S * dense for S in compressed sparse rows, [rows,?] x [?,cols]. A row begins with its first product, which is the
// same as adding it to -0; a row without entries is +0.
__kernel void sparse_matmul(__global const int* rowPointers, __global const int* columns, __global const float* values,
        __global const float* dense, int denseOffset, __global float* out, int outOffset, int rows, int cols) {
    ROW_AND_COLUMN(rows, cols)
    int begin = rowPointers[row], end = rowPointers[row + 1];
    float start = begin == end ? 0.0f : -0.0f;
    out[outOffset + i] = sparse_row(start, begin, end, columns, values, dense + denseOffset, cols, column);
}

// out = S^T * dense, given S^T in compressed sparse rows (CsrTranspose.java). The CPU adds to zeros here.
__kernel void sparse_transposed_matmul(__global const int* rowPointers, __global const int* columns,
        __global const float* values, __global const float* dense, int denseOffset, __global float* out, int outOffset,
        int rows, int cols) {
    ROW_AND_COLUMN(rows, cols)
    out[outOffset + i] = sparse_row(0.0f, rowPointers[row], rowPointers[row + 1], columns, values, dense + denseOffset,
            cols, column);
}

// to[toAt + row*toStep + column*toUnit] = from[fromAt + row*fromStep + column*fromUnit]: slices, concatenations, transposes.
__kernel void copy_block(__global const float* from, int fromAt, int fromStep, int fromUnit,
        __global float* to, int toAt, int toStep, int toUnit, int rows, int cols) {
    ROW_AND_COLUMN(rows, cols)
    to[toAt + (size_t) row * toStep + (size_t) column * toUnit]
            = from[fromAt + (size_t) row * fromStep + (size_t) column * fromUnit];
}

// out[i] = value for i < count. A kernel, because clEnqueueFillBuffer is slow on some drivers and wrong on others.
__kernel void fill(__global float* out, int outOffset, int count, float value) {
    size_t i = get_global_id(0);
    if (i < (size_t) count) out[outOffset + i] = value;
}
