// Sends FLOATS values through local memory, each written by one work-item and read by another: out[i] =
// in[FLOATS - 1 - i] + group. FLOATS is a multiple of the 256 work-items. With STATIC the kernel declares the memory,
// otherwise the host sets it aside.
#ifdef STATIC
#define PARAMETER
#else
#define PARAMETER , __local float *tile
#endif
__attribute__((reqd_work_group_size(256, 1, 1)))
__kernel void mirror(__global const float *in, __global float *out PARAMETER) {
#ifdef STATIC
  __local float tile[FLOATS];
#endif
  const int item = get_local_id(0);
  const int group = get_group_id(0);
  for (int i = item; i < FLOATS; i += 256) {
    tile[i] = in[i] + group;
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int i = item; i < FLOATS; i += 256) {
    out[group * FLOATS + i] = tile[FLOATS - 1 - i];
  }
}
