// The second half of a product whose sums over k are cut into chunks, so that few elements of C keep a device busy:
//
//   gemm_direct.cl writes sums[chunk, i, j], the sum over the steps of one chunk; add_chunks makes C of them.
//
//   C[i, j] = EPILOGUE(alpha * (sums[0, i, j] + sums[1, i, j] + ...) + beta * C[i, j], i, j)
//
// Idea         One work-item per element of C. Its loads do not hang on each other, only its additions do.
// Access       Neighbours read neighbours: the matrices of sums have no gaps.
// Order        Chunks are added in ascending order, so the bits are the same in each run. Atomic additions would save
//              the launch and the memory, and add in the order of arrival.
// Cost         `chunks` floats read per element; a launch.
// Parameters   GROUP           work-items per work-group
// Defaults     GROUP=256
// Launch       global ceil(m * n / GROUP) * GROUP, local GROUP.
// Measured: not measured on a GPU yet

__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1)))
void add_chunks(const int m, const int n, __global const float *sums, const int chunks, const float alpha,
                const float beta, __global float *c, const int c_offset, const int c_row EPILOGUE_PARAMS) {
  const int element = get_global_id(0);
  const int elements = m * n;
  if (element < elements) {
    float sum = sums[element];
    for (int chunk = 1; chunk < chunks; ++chunk) {
      sum += sums[chunk * elements + element];
    }
    const int i = element / n;
    const int j = element % n;
    __global float *at = &c[c_offset + i * c_row + j];
    const float value = finish(sum, alpha, beta, at);
    *at = EPILOGUE(value, i, j);
  }
}
